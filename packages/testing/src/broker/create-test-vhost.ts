import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { partUrl } from '../environment.ts';
import { type Manage, manage } from './management.ts';

/** A virtual host, and ways to look into it and to break it. */
export interface TestVhost extends AsyncDisposable {
  readonly name: string;
  readonly amqpUrl: string;
  /** Cuts all its connections, as a broker that restarts would; gives their number. */
  readonly closeConnections: () => Promise<number>;
  /** Ids and bodies of what lies in a queue; the messages stay. */
  readonly peek: (queue: string, count?: number) => Promise<PeekedMessage[]>;
  readonly management: Manage;
}

const peekedMessage = z.object({
  payload: z.string(),
  exchange: z.string(),
  routing_key: z.string(),
  properties: z.object({
    message_id: z.string().optional(),
    headers: z.record(z.string(), z.unknown()).optional(),
  }),
});

/** A message as the management API shows it; `payload` is its body as text. */
export type PeekedMessage = z.infer<typeof peekedMessage>;

/** A virtual host of the caller's own, made over the management API; deleted when disposed. */
export async function createTestVhost(): Promise<TestVhost> {
  const amqpUrl = new URL(partUrl('AMQP_URL'));
  const name = `ironforge_test_${randomBytes(8).toString('hex')}`;
  amqpUrl.pathname = `/${name}`;
  const everything = { configure: '.*', write: '.*', read: '.*' };
  await manage('PUT', `vhosts/${name}`);
  await manage('PUT', `permissions/${name}/${amqpUrl.username}`, everything);
  return {
    name,
    amqpUrl: amqpUrl.href,
    closeConnections: () => closeConnections(name),
    peek: (queue, count = 100) => peek(name, queue, count),
    management: manage,
    [Symbol.asyncDispose]: async () => void (await manage('DELETE', `vhosts/${name}`)),
  };
}

const connectionList = z.array(z.object({ name: z.string() }));

async function closeConnections(vhost: string): Promise<number> {
  const connections = connectionList.parse(await manage('GET', `vhosts/${vhost}/connections`));
  const close = ({ name }: { name: string }) => manage('DELETE', `connections/${encodeURIComponent(name)}`);
  await Promise.all(connections.map(close));
  return connections.length;
}

async function peek(vhost: string, queue: string, count: number): Promise<PeekedMessage[]> {
  const body = { count, ackmode: 'ack_requeue_true', encoding: 'auto' };
  const answer = await manage('POST', `queues/${vhost}/${encodeURIComponent(queue)}/get`, body);
  return z.array(peekedMessage).parse(answer);
}
