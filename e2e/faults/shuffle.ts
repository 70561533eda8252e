import { waitUntil } from '@ironforge/testing';
import { z } from 'zod';
import { manage, peek, publish, take, vhost } from '../world/broker.ts';

const ENOUGH = 8;

/**
 * What is for a reader goes to a queue of ours until some has come; then it is put into his, the other way round. Gives the number
 * of messages.
 */
export async function shuffle(reader: string): Promise<number> {
  const patterns = await boundBy(reader);
  const aside = `aside.${reader}`;
  await manage('PUT', `/queues/${vhost}/${aside}`, { durable: true });
  await Promise.all(patterns.map((pattern) => bind(aside, pattern)));
  await Promise.all(patterns.map((pattern) => unbind(reader, pattern)));
  await waitUntil('some messages', async () => (await peek(aside)).length >= ENOUGH);
  await Promise.all(patterns.map((pattern) => bind(reader, pattern)));
  await Promise.all(patterns.map((pattern) => unbind(aside, pattern)));
  const waiting = await take(aside);
  for (const message of waiting.toReversed())
    await publish('amq.default', { ...message, routing_key: reader });
  await manage('DELETE', `/queues/${vhost}/${aside}`);
  return waiting.length;
}

const Binding = z.object({ destination: z.string(), routing_key: z.string() });

async function boundBy(queue: string): Promise<readonly string[]> {
  const bindings = await manage('GET', `/exchanges/${vhost}/ironforge.events/bindings/source`);
  return z
    .array(Binding)
    .parse(bindings)
    .filter(({ destination }) => destination === queue)
    .map(({ routing_key }) => routing_key);
}

async function bind(queue: string, routing_key: string): Promise<void> {
  await manage('POST', `/bindings/${vhost}/e/ironforge.events/q/${queue}`, { routing_key });
}

/** Without arguments a binding's name in the management API is its routing key. */
async function unbind(queue: string, pattern: string): Promise<void> {
  await manage('DELETE', `/bindings/${vhost}/e/ironforge.events/q/${queue}/${encodeURIComponent(pattern)}`);
}
