import { isDeepStrictEqual } from 'node:util';
import {
  createCollectingLogger,
  createFaultProxy,
  createTestVhost,
  type TestVhost,
  waitUntil,
} from '@ironforge/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Bus, createBus } from './bus.ts';
import { SMALL_TOPOLOGY, thingMade } from './bus.fixture.ts';
import { type DeadLetters, openDeadLetters } from './dead-letters.ts';

let vhost: TestVhost;
let bus: Bus;
let letters: DeadLetters;

beforeEach(async () => {
  vhost = await createTestVhost();
  const log = createCollectingLogger();
  bus = await createBus({ url: vhost.amqpUrl, instance: 'dead letters test', log, topology: SMALL_TOPOLOGY });
  letters = await openDeadLetters(vhost.amqpUrl, SMALL_TOPOLOGY);
  const consumer = bus.consume({ queue: 'work', prefetch: 10, handle: async () => ({ dead: 'bad_shape' }) });
  await bus.publish([1, 2, 3].map(thingMade));
  await waitUntil('three dead', () => consumer.state().dead === 3);
  await consumer.close();
});

afterEach(async () => {
  await letters[Symbol.asyncDispose]();
  await bus.close();
  await vhost[Symbol.asyncDispose]();
});

const idsOf = async () => (await letters.list('work', 10)).map(({ id }) => id).toSorted();

it('shows what is dead and why, as often as it is asked, and leaves it there', async () => {
  const [first] = await letters.list('work', 1);
  expect(first).toEqual({
    id: 'thing-1',
    queue: 'work',
    reason: 'bad_shape',
    attempts: 0,
    text: JSON.stringify({ n: 1 }),
  });
  for (let looks = 0; looks < 60; looks++) expect(await idsOf()).toHaveLength(3);
  const depths = { queue: 'work', messages: 0, consumers: 0, dead: 3 };
  await waitUntil('the depths', async () => isDeepStrictEqual(await depth('work'), depths));
});

it('replays the chosen one, and it is handled like any new message', async () => {
  expect(await letters.replay('work', ({ id }) => id === 'thing-2')).toBe(1);
  expect(await idsOf()).toEqual(['thing-1', 'thing-3']);
  const seen: unknown[] = [];
  const consumer = bus.consume({
    queue: 'work',
    prefetch: 10,
    handle: async ({ id, body, attempt }) => (seen.push({ id, body, attempt }), 'ack'),
  });
  await waitUntil('the replayed one', () => consumer.state().acked === 1);
  await consumer.close();
  expect(seen).toEqual([{ id: 'thing-2', body: { n: 2 }, attempt: 0 }]);
});

it('drops the chosen ones for ever', async () => {
  expect(await letters.drop('work', ({ id }) => id !== 'thing-2')).toBe(2);
  expect(await idsOf()).toEqual(['thing-2']);
});

it('has settled each letter before it looks at the next, so that it holds one at a time', async () => {
  const stop = letters.drop('work', ({ id }) => {
    if (id === 'thing-3') throw new Error('enough');
    return true;
  });
  await expect(stop).rejects.toThrow('enough');
  expect(await idsOf()).toEqual(['thing-3']);
});

it('replays each once, though it may be dead again at once', async () => {
  const consumer = bus.consume({ queue: 'work', prefetch: 10, handle: async () => ({ dead: 'bad_shape' }) });
  expect(await letters.replay('work', () => true)).toBe(3);
  await waitUntil('all dead again', () => consumer.state().dead === 3);
  await consumer.close();
  expect(await idsOf()).toEqual(['thing-1', 'thing-2', 'thing-3']);
});

it('throws to whoever asks when the broker has gone away, and ends all the same', async () => {
  await using line = await createFaultProxy(vhost.amqpUrl);
  await using own = await openDeadLetters(line.urlFor(vhost.amqpUrl), SMALL_TOPOLOGY);
  expect(line.reset()).toBe(1);
  await expect(own.list('work', 10)).rejects.toThrow(/closed|ended|ECONNRESET/);
});

it('throws when the broker goes before it has said that all was taken', async () => {
  await using line = await createFaultProxy(vhost.amqpUrl);
  await using others = await openDeadLetters(line.urlFor(vhost.amqpUrl), SMALL_TOPOLOGY);
  const closesChannel = Buffer.from([0, 20, 0, 40]);
  line.onRequest((chunk) => (chunk.includes(closesChannel) ? 'reset' : 'pass'));
  await expect(others.drop('work', () => true)).rejects.toThrow(/closed|ended|ECONNRESET/);
});

it('throws when a queue is not there, and ends all the same', async () => {
  const topology = { ...SMALL_TOPOLOGY, commandQueues: [{ queue: 'nowhere', maxLength: 5 }] };
  await using others = await openDeadLetters(vhost.amqpUrl, topology);
  await expect(others.depths()).rejects.toThrow("no queue 'nowhere");
});

async function depth(name: string) {
  return (await letters.depths()).find(({ queue }) => queue === name) ?? { queue: name, dead: -1 };
}
