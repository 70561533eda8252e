import { createBus } from '@ironforge/bus';
import type { OutboxMessage } from '@ironforge/store';
import { createCollectingLogger, waitUntil } from '@ironforge/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { event, order, versions } from './messages.fixture.ts';
import { openOutboxWorld, type OutboxWorld, TOPOLOGY } from './outbox.fixture.ts';

let world: OutboxWorld;
beforeEach(async () => {
  world = await openOutboxWorld();
});
afterEach(() => world[Symbol.asyncDispose]());

test('a broker that is away loses nothing, and the sweeper is not kept waiting', async () => {
  const outbox = openSwept();
  world.line.refuse();
  await waitUntil('the loss', () => !world.bus.state().connected);
  for (const message of versions(10)) await world.say(outbox, message);
  await waitUntil('every message to be refused', () => world.refusals.length >= 10);
  expect(new Set(world.refusals)).toEqual(new Set(['not_connected']));
  expect(await world.published()).toEqual([]);
  world.line.heal();
  await waitUntil('the rows to be marked', world.allPublished);
  expect(await publishedVersions()).toHaveLength(10);
  expect(new Set(await publishedVersions()).size).toBe(10);
});

test('a confirm that is lost with its connection means twice, never not at all', async () => {
  const outbox = openSwept();
  const message = event();
  loseNextAnswer();
  await world.say(outbox, message);
  await waitUntil('the row to be marked', world.allPublished);
  expect(world.refusals[0]).toBe('channel_closed');
  expect((await world.published()).map(({ id }) => id)).toEqual([message.id, message.id]);
});

test('a broker that says nothing loses nothing', async () => {
  const outbox = openSwept();
  const message = event();
  world.line.cut();
  await world.say(outbox, message);
  await waitUntil('the patience to end', () => world.refusals.length > 0);
  expect(world.refusals[0]).toBe('timeout');
  world.line.heal();
  world.line.reset();
  await waitUntil('the row to be marked', world.allPublished);
  expect(new Set((await world.published()).map(({ id }) => id))).toEqual(new Set([message.id]));
});

test('what a full queue refuses goes out when there is room', async () => {
  const outbox = openSwept();
  const orders: OutboxMessage[] = [];
  // How many fit is the broker's own affair: it tells its channels a moment after the queue is full.
  while (!world.refusals.includes('nacked') && orders.length < 1_000) {
    orders.push(order(orders.length + 1));
    await world.say(outbox, ...orders.slice(-1));
  }
  expect(await world.allPublished()).toBe(false);
  const heard = new Set<string>();
  world.bus.consume({
    queue: 'orders',
    prefetch: 1,
    handle: async ({ id }) => {
      heard.add(id);
      return 'ack';
    },
  });
  await waitUntil('every command', () => heard.size === orders.length);
  await waitUntil('the rows to be marked', world.allPublished);
  expect(heard).toEqual(new Set(orders.map(({ id }) => id)));
});

test('what no queue takes goes out when one does', async () => {
  const outbox = openSwept();
  const message = event({ type: 'heard.late' });
  await world.say(outbox, message);
  await waitUntil('the return', () => world.refusals.length > 0);
  expect(new Set(world.refusals)).toEqual(new Set(['unroutable']));
  await declareReader('heard.late');
  await waitUntil('the row to be marked', world.allPublished);
  expect(await world.vhost.peek('late')).toMatchObject([{ properties: { message_id: message.id } }]);
});

test('what is more than an envelope, and not even JSON, is neither stored nor sent', async () => {
  const outbox = openSwept();
  const odd = event({ version: 10 });
  const body = { ...odd.body, more: 2n };
  await world.say(outbox, ...versions(9), { ...odd, body });
  await waitUntil('the rows to be marked', world.allPublished);
  expect(world.batches.flatMap(({ messages }) => messages)).toHaveLength(10);
  const sent = await world.published();
  expect(sent.find(({ body }) => body.id === odd.id)?.body).toEqual(odd.body);
});

/** An outbox whose sweeper runs. */
function openSwept() {
  const outbox = world.openOutbox({ sweepIntervalMs: 20 });
  outbox.start();
  return outbox;
}

/** The frame that only says that the broker lives (AMQP 0-9-1, 4.2.7). */
const HEARTBEAT = Buffer.from('08000000000000ce', 'hex');

/** Cuts the connection when the broker answers next. */
function loseNextAnswer(): void {
  world.line.onAnswer((chunk) => {
    if (chunk.equals(HEARTBEAT)) return 'pass';
    world.line.onAnswer(null);
    return 'reset';
  });
}

/** Another service that starts later, with a queue of its own. */
async function declareReader(type: string): Promise<void> {
  const topology = { ...TOPOLOGY, eventQueues: [{ queue: 'late', bind: [type] }] };
  const log = createCollectingLogger();
  const bus = await createBus({ url: world.vhost.amqpUrl, instance: 'late', log, topology });
  await bus.close();
}

async function publishedVersions(): Promise<number[]> {
  return (await world.published()).map(({ body }) => body.aggregateversion);
}
