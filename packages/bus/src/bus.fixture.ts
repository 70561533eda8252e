import { type TestVhost, waitUntil } from '@ironforge/testing';
import type { Topology } from './topology.ts';

/** A topology of one event queue `work` and one command queue `orders`, with delays short enough for tests. */
export const SMALL_TOPOLOGY: Topology = {
  events: 'test.events',
  eventQueues: [{ queue: 'work', bind: ['thing.*'] }],
  processQueues: [{ queue: 'ear', bind: ['thing.made'] }],
  commandQueues: [{ queue: 'orders', maxLength: 5 }],
  retryDelays: [
    { name: 'test.retry.1', delayMs: 50 },
    { name: 'test.retry.2', delayMs: 100 },
    { name: 'test.retry.3', delayMs: 150 },
  ],
};

/** One event `thing.made` with a number in it. */
export function thingMade(n: number) {
  return { id: `thing-${n}`, exchange: 'test.events', routingKey: 'thing.made', body: { n } };
}

/** Cuts the connections from the broker's side, as soon as its management knows of any. */
export async function cutConnections(vhost: TestVhost): Promise<void> {
  await waitUntil('a connection to cut', async () => (await vhost.closeConnections()) > 0);
}
