import { isDeepStrictEqual } from 'node:util';
import { AppError } from '@ironforge/kernel';
import {
  type CollectingLogger,
  createCollectingLogger,
  createTestVhost,
  type TestVhost,
  waitUntil,
} from '@ironforge/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Bus, createBus } from './bus.ts';
import type { Consumer, ConsumerState } from './consumer.ts';
import type { Delivery, Handle } from './messages.ts';
import { SMALL_TOPOLOGY, thingMade } from './bus.fixture.ts';
import { postponed } from './postponed.ts';

describe('consume', () => {
  let vhost: TestVhost;
  let bus: Bus;
  let log: CollectingLogger;

  beforeEach(async () => {
    log = createCollectingLogger();
    vhost = await createTestVhost();
    bus = await createBus({ url: vhost.amqpUrl, instance: 'consumer test', log, topology: SMALL_TOPOLOGY });
  });

  afterEach(async () => {
    await bus.close();
    await vhost[Symbol.asyncDispose]();
  });

  it('hands each message to the handler and removes it after the ack', async () => {
    const seen: Delivery[] = [];
    const consumer = bus.consume({
      queue: 'work',
      prefetch: 10,
      handle: async (it) => (seen.push(it), 'ack'),
    });
    await bus.publish([thingMade(1), thingMade(2)]);
    await waitUntil('acked', () => is(consumer, { acked: 2 }));
    expect(seen[0]).toEqual({
      id: 'thing-1',
      queue: 'work',
      body: { n: 1 },
      attempt: 0,
      timesPutOff: 0,
      redelivered: false,
    });
    await consumer.close();
    expect(await vhost.peek('work')).toEqual([]);
  });

  it('moves a poison message to the dead queue with its reason while its siblings go on', async () => {
    const handle: Handle = async (it) => (it.id === 'thing-2' ? { dead: 'bad_shape' } : 'ack');
    const consumer = bus.consume({ queue: 'work', prefetch: 1, handle });
    await bus.publish([1, 2, 3].map(thingMade));
    await waitUntil('all three', () => is(consumer, { acked: 2, dead: 1 }));
    const [dead, ...more] = await vhost.peek('work.dead');
    expect(more).toEqual([]);
    expect(dead?.properties.message_id).toBe('thing-2');
    expect(dead?.properties.headers).toMatchObject({ 'x-reason': 'bad_shape', 'x-queue': 'work' });
    expect(log.lines.find(({ level }) => level === 'error')?.fields).toMatchObject({
      alert: 'dead_letter',
      id: 'thing-2',
      reason: 'bad_shape',
    });
  });

  it('calls a body that is not JSON dead without asking the handler', async () => {
    const consumer = bus.consume({ queue: 'work', prefetch: 1, handle: async () => 'ack' });
    await vhost.management('POST', `exchanges/${vhost.name}/amq.default/publish`, {
      routing_key: 'work',
      payload: 'not json',
      payload_encoding: 'string',
      properties: {},
    });
    await waitUntil('dead', () => is(consumer, { dead: 1 }));
    expect((await vhost.peek('work.dead'))[0]?.properties.headers).toMatchObject({
      'x-reason': 'malformed_json',
    });
  });

  it('tries a failing message again after each delay, in its own queue, and then calls it dead', async () => {
    const attempts: { attempt: number; at: number }[] = [];
    const handle: Handle = async (it) => {
      if (it.id !== 'thing-1') return 'ack';
      attempts.push({ attempt: it.attempt, at: performance.now() });
      throw new Error('no luck');
    };
    const consumer = bus.consume({ queue: 'work', prefetch: 5, handle });
    const bystander = bus.consume({ queue: 'orders', prefetch: 5, handle: async () => 'ack' });
    await bus.publish([1, 2, 3].map(thingMade));
    await waitUntil('the dead letter', () => is(consumer, { dead: 1 }));
    expect(attempts.map((one) => one.attempt)).toEqual([0, 1, 2, 3]);
    const waits = attempts.slice(1).map((one, i) => one.at - (attempts[i]?.at ?? 0));
    SMALL_TOPOLOGY.retryDelays.forEach(({ delayMs }, i) =>
      expect(waits[i]).toBeGreaterThanOrEqual(delayMs - 5),
    );
    expect(consumer.state()).toMatchObject({ acked: 2, retried: 3, dead: 1 });
    expect(bystander.state()).toMatchObject({ acked: 0 });
    const [dead] = await vhost.peek('work.dead');
    expect(dead?.payload).toBe('{"n":1}');
    expect(dead?.properties.headers).toMatchObject({ 'x-reason': 'Error: no luck', 'x-attempt': 3 });
  });

  it('retries when the handler asks for it', async () => {
    const handle: Handle = async (it) => (it.attempt === 0 ? 'retry' : 'ack');
    const consumer = bus.consume({ queue: 'work', prefetch: 5, handle });
    await bus.publish([thingMade(1)]);
    await waitUntil('the second try', () => is(consumer, { acked: 1, retried: 1 }));
  });

  it('pauses while a dependency is down, counts nothing, and goes on when it is back', async () => {
    let isDown = true;
    let calls = 0;
    const handle: Handle = async (it) => {
      calls++;
      expect(it.attempt).toBe(0);
      if (isDown) throw new AppError('dependency_down', { retry: 'later' });
      return 'ack';
    };
    const consumer = bus.consume({ queue: 'work', prefetch: 5, handle });
    await bus.publish(Array.from({ length: 20 }, (_, n) => thingMade(n)));
    await waitUntil('a pause', () => consumer.state().paused && calls > 5);
    isDown = false;
    await waitUntil('all of them', () => is(consumer, { acked: 20 }));
    expect(consumer.state()).toMatchObject({ paused: false, retried: 0, dead: 0 });
  });

  it('lets one message wait alone, more often than it may be tried, while its siblings go on', async () => {
    let isDown = true;
    const acked: string[] = [];
    const handle: Handle = async (it) => {
      if (it.id === 'thing-1' && isDown) throw postponed('the node of its chain is away');
      acked.push(it.id);
      return 'ack';
    };
    const consumer = bus.consume({ queue: 'work', prefetch: 1, handle });
    await bus.publish([1, 2, 3].map(thingMade));
    const rounds = SMALL_TOPOLOGY.retryDelays.length + 2;
    await waitUntil('more rounds than tries', () => consumer.state().postponed >= rounds);
    expect(acked).toEqual(['thing-2', 'thing-3']);
    expect(consumer.state()).toMatchObject({ acked: 2, retried: 0, dead: 0, paused: false });
    expect(log.lines.filter(({ message }) => message === 'a message waits alone')).toHaveLength(1);
    isDown = false;
    await waitUntil('it is handled', () => is(consumer, { acked: 3, retried: 0, dead: 0 }));
  });

  it('gives back what waits for a dependency when it is closed', async () => {
    const handle: Handle = async () => {
      throw new AppError('dependency_down', { retry: 'later' });
    };
    const consumer = bus.consume({ queue: 'work', prefetch: 5, handle });
    await bus.publish([thingMade(1)]);
    await waitUntil('a pause', () => consumer.state().paused);
    await consumer.close();
    const [back] = await waitUntil('the message back', async () => {
      const waiting = await vhost.peek('work');
      return waiting.length > 0 && waiting;
    });
    expect(back?.properties.message_id).toBe('thing-1');
  });

  it('finishes and acks what it has in hand before it closes', async () => {
    const running = Promise.withResolvers<void>();
    const gate = Promise.withResolvers<void>();
    const handle: Handle = async () => {
      running.resolve();
      await gate.promise;
      return 'ack';
    };
    const consumer = bus.consume({ queue: 'work', prefetch: 5, handle });
    await bus.publish([thingMade(1)]);
    await running.promise;
    const closing = consumer.close();
    gate.resolve();
    await closing;
    expect(consumer.state().acked).toBe(1);
    expect(await vhost.peek('work')).toEqual([]);
  });
});

/** Whether the counters of a consumer stand so. */
function is(consumer: Consumer, counts: Partial<Pick<ConsumerState, 'acked' | 'retried' | 'dead'>>): boolean {
  const state = consumer.state();
  return isDeepStrictEqual({ ...state, ...counts }, state);
}
