import { serverVersion } from '@ironforge/immudb';
import { z } from 'zod';
import { overviewOf } from '../parts/asks.ts';
import { httpAnswer, rpcAnswer } from '../parts/http-answer.ts';
import { redisAnswer } from '../parts/redis-answer.ts';
import { databaseVersion } from '../stack/database.ts';
import type { Connection } from '../supervisor/state-file.ts';

/** What the parts say they are, in one line for the end of a test run. */
export async function ranOn(connection: Connection): Promise<string> {
  const database = await databaseVersion(connection.databaseUrl);
  const cockroach = database.startsWith('CockroachDB') ? '' : ' (no CockroachDB was there)';
  const others = await Promise.all([
    redisVersion(connection.redisUrl),
    brokerVersion(connection.amqpManagementUrl),
    rpcAnswer(connection.ethereumRpcUrl, 'web3_clientVersion'),
    ledgerVersion(connection),
  ]);
  return `Ran on ${database}${cockroach}, ${others.join(', ')}, Node ${process.versions.node}`;
}

async function redisVersion(url: string): Promise<string> {
  const answer = await redisAnswer(url, 'INFO server', 'redis_mode');
  return `Redis ${/redis_version:(\S+)/.exec(answer)?.[1] ?? 'of unknown version'}`;
}

async function ledgerVersion({ immudb }: Connection): Promise<string> {
  return immudb === null ? 'no immudb was there' : `immudb ${await serverVersion(immudb)}`;
}

const Overview = z.object({ rabbitmq_version: z.string() });

async function brokerVersion(managementUrl: string): Promise<string> {
  const overview = Overview.parse(JSON.parse(await httpAnswer(overviewOf(managementUrl))));
  return `RabbitMQ ${overview.rabbitmq_version}`;
}
