import { z } from 'zod';
import { environment } from './environment.ts';

/** The installation's vhost as it stands in paths of the management API; empty where its broker is out of reach. */
export const vhost = environment.amqpUrl === '' ? '' : vhostOf(environment.amqpUrl);

function vhostOf(amqpUrl: string): string {
  return encodeURIComponent(decodeURIComponent(new URL(amqpUrl).pathname.slice(1)) || '/');
}

const Message = z.object({ routing_key: z.string(), payload: z.string(), properties: z.looseObject({}) });

/** A message as the management API gives and takes it; the payload is text. */
export type Message = z.infer<typeof Message>;

/** Copies everything that is published on the events exchange from now on; `drain` gives what has come so far. */
export async function listen(queue: string): Promise<{ drain(): Promise<readonly Message[]> }> {
  await manage('PUT', `/queues/${vhost}/${queue}`, {
    auto_delete: false,
    durable: true,
    arguments: { 'x-expires': 600_000 },
  });
  await manage('POST', `/bindings/${vhost}/e/ironforge.events/q/${queue}`, { routing_key: '#' });
  return { drain: () => takeAll(queue) };
}

/** Takes up to a thousand messages off a queue. */
export async function take(queue: string): Promise<readonly Message[]> {
  const wish = { count: 1000, ackmode: 'ack_requeue_false', encoding: 'auto' };
  return z.array(Message).parse(await manage('POST', `/queues/${vhost}/${queue}/get`, wish));
}

/** Shows up to ten thousand messages of a queue, which stay there. */
export async function peek(queue: string): Promise<readonly Message[]> {
  const wish = { count: 10_000, ackmode: 'ack_requeue_true', encoding: 'auto' };
  return z.array(Message).parse(await manage('POST', `/queues/${vhost}/${queue}/get`, wish));
}

/** Takes off what lies in a queue, however much that is: every file's events come here. */
async function takeAll(queue: string): Promise<readonly Message[]> {
  const some = await take(queue);
  return some.length === 0 ? some : [...some, ...(await takeAll(queue))];
}

/** Publishes on an exchange; the default one is `amq.default`. */
export async function publish(exchange: string, message: Message): Promise<void> {
  await manage('POST', `/exchanges/${vhost}/${exchange}/publish`, { ...message, payload_encoding: 'string' });
}

/** The names of all queues. */
export async function queueNames(): Promise<readonly string[]> {
  const queues = z.array(z.object({ name: z.string() })).parse(await manage('GET', `/queues/${vhost}`));
  return queues.map(({ name }) => name);
}

/** Asks the management API. Throws with its words when it refuses. */
export async function manage(method: string, path: string, body?: object): Promise<unknown> {
  const { origin, username, password } = new URL(environment.amqpManagementUrl);
  const authorization = `Basic ${Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64')}`;
  const headers = { authorization, 'content-type': 'application/json' };
  const response = await fetch(`${origin}/api${path}`, {
    method,
    headers,
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return text === '' ? null : JSON.parse(text);
}
