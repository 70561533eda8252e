import { serverVersion } from '@ironforge/immudb';
import pg from 'pg';
import { httpAnswer, rpcAnswer } from './http-answer.ts';
import { redisAnswer } from './redis-answer.ts';
import { tcpAnswer } from './tcp-answer.ts';

/** Null when PostgreSQL (or CockroachDB) answers a query at this address, otherwise why not. */
export function askDatabase(url: string): Promise<string | null> {
  return reasonWhyNot(async () => {
    const client = new pg.Client({
      connectionString: url,
      connectionTimeoutMillis: 2_000,
      query_timeout: 2_000,
    });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.query('SELECT 1');
    } finally {
      await client.end().catch(() => undefined);
    }
  });
}

/** Null when Redis answers PING at this address, otherwise why not. */
export function askRedis(url: string): Promise<string | null> {
  return reasonWhyNot(() => redisAnswer(url, 'PING', '+PONG'));
}

/** Null when somebody listens at this address, otherwise why not. */
export function askListener(address: string, defaultPort: number): Promise<string | null> {
  const { hostname: host, port } = new URL(address);
  return reasonWhyNot(() =>
    tcpAnswer({ host, port: Number(port || defaultPort), send: '', isWhole: () => true }),
  );
}

/** Null when RabbitMQ's management API answers and its AMQP listener is up, otherwise why not. */
export async function askBroker(amqpUrl: string, managementUrl: string): Promise<string | null> {
  return (await reasonWhyNot(() => httpAnswer(overviewOf(managementUrl)))) ?? askListener(amqpUrl, 5672);
}

/** Where RabbitMQ's management API tells about itself. */
export function overviewOf(managementUrl: string): string {
  return `${managementUrl.replace(/\/$/, '')}/api/overview`;
}

/** Null when immudb tells its version at this address (host and port), otherwise why not. */
export function askImmudb(address: string): Promise<string | null> {
  return reasonWhyNot(() => serverVersion({ address }));
}

/** Null when an EVM node answers at this address, otherwise why not. */
export function askEvmNode(url: string): Promise<string | null> {
  return reasonWhyNot(() => rpcAnswer(url, 'eth_blockNumber'));
}

/** Null when a service says that it is ready, otherwise why not. */
export function askService(url: string): Promise<string | null> {
  return reasonWhyNot(() => httpAnswer(`${url}/readyz`));
}

async function reasonWhyNot(ask: () => Promise<unknown>): Promise<string | null> {
  try {
    await ask();
    return null;
  } catch (error) {
    if (!(error instanceof Error)) return String(error);
    return error.cause instanceof Error ? error.cause.message : error.message;
  }
}
