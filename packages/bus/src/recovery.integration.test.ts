import { setTimeout as sleep } from 'node:timers/promises';
import {
  createCollectingLogger,
  createFaultProxy,
  createTestVhost,
  type TestVhost,
  waitUntil,
} from '@ironforge/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Bus, createBus } from './bus.ts';
import type { Handle, OutgoingMessage } from './messages.ts';
import { cutConnections, SMALL_TOPOLOGY, thingMade } from './bus.fixture.ts';

describe('a bus that loses its broker', () => {
  let vhost: TestVhost;
  let bus: Bus;

  beforeEach(async () => {
    vhost = await createTestVhost();
    bus = await createBus({
      url: vhost.amqpUrl,
      instance: 'recovery',
      log: createCollectingLogger(),
      topology: SMALL_TOPOLOGY,
    });
  });

  afterEach(async () => {
    await bus.close();
    await vhost[Symbol.asyncDispose]();
  });

  it('goes on publishing and consuming after its connection was cut, and loses nothing', async () => {
    const handled = new Set<string>();
    const handle: Handle = async (it) => {
      handled.add(it.id);
      return 'ack';
    };
    bus.consume({ queue: 'work', prefetch: 20, handle });
    const traffic = publishUntilStopped(bus);
    await loseAndRegain(
      () => bus.state().connected,
      () => cutConnections(vhost),
    );
    const published = await traffic.stop();
    await waitUntil('every message', () => handled.size === published);
    expect(traffic.refused()).toBeGreaterThan(0);
  });

  it('is not connected while the connection is cut, and connected again by itself', async () => {
    await loseAndRegain(
      () => bus.state().connected,
      () => cutConnections(vhost),
    );
  });

  it.each([
    ['opens its channel', Buffer.from([0, 20, 0, 10])],
    ['names a queue', Buffer.from('orders')],
    ['closes its channel', Buffer.from([0, 20, 0, 40])],
  ])('goes on trying when it loses the broker while it declares: when it %s', async (_when, said) => {
    await using proxy = await createFaultProxy(vhost.amqpUrl);
    const url = proxy.urlFor(vhost.amqpUrl);
    const log = createCollectingLogger();
    let losses = 0;
    proxy.onRequest((chunk) => {
      if (losses >= 2 || !chunk.includes(said)) return 'pass';
      losses += 1;
      return 'reset';
    });
    const late = await createBus({ url, instance: 'late', log, topology: SMALL_TOPOLOGY });
    await waitUntil('the connection', () => late.state().connected);
    expect(losses).toBe(2);
    await late.close();
  });

  it('declares its queue again and goes on when the queue was deleted', async () => {
    const consumer = bus.consume({ queue: 'work', prefetch: 1, handle: async () => 'ack' });
    await waitUntil('the consumer', () => consumer.state().open);
    await loseAndRegain(
      () => consumer.state().open,
      () => vhost.management('DELETE', `queues/${vhost.name}/work`),
    );
    await publishAll(bus, [thingMade(1)]);
    await waitUntil('the message', () => consumer.state().acked === 1);
  });

  it('gives up waiting for a confirm before the outbox gives up its claim of the rows', async () => {
    await using proxy = await createFaultProxy(vhost.amqpUrl);
    const url = proxy.urlFor(vhost.amqpUrl);
    const log = createCollectingLogger();
    const half = await createBus({ url, instance: 'half open', log, topology: SMALL_TOPOLOGY });
    proxy.cut();
    // However slow the machine, of two timers of one process the shorter one ends first.
    const claimEnds = sleep(OUTBOX_CLAIM_MS, 'the claim has ended');
    const published = await Promise.race([half.publish([thingMade(1)]), claimEnds]);
    expect(published).toMatchObject([{ confirmed: false, reason: 'timeout' }]);
    proxy.heal();
    proxy.reset();
    await half.close();
  });

  it('gives up a batch that is larger than its window in the same time, and takes the next one', async () => {
    await using proxy = await createFaultProxy(vhost.amqpUrl);
    const url = proxy.urlFor(vhost.amqpUrl);
    const log = createCollectingLogger();
    const half = await createBus({ url, instance: 'half open', log, topology: SMALL_TOPOLOGY });
    proxy.cut();
    const claimEnds = sleep(OUTBOX_CLAIM_MS, 'the claim has ended');
    const many = Array.from({ length: 1_000 }, (_, n) => thingMade(n));
    const published = await Promise.race([half.publish(many), claimEnds]);
    expect(published).toEqual(many.map(({ id }) => ({ id, confirmed: false, reason: 'timeout' })));
    expect(half.state().unconfirmed).toBe(0);
    proxy.heal();
    proxy.reset();
    await publishAll(half, many);
    await half.close();
  });

  it('closes while its broker is silent, consumers included', async () => {
    await using proxy = await createFaultProxy(vhost.amqpUrl);
    const url = proxy.urlFor(vhost.amqpUrl);
    const log = createCollectingLogger();
    const half = await createBus({ url, instance: 'half open', log, topology: SMALL_TOPOLOGY });
    const consumer = half.consume({ queue: 'work', prefetch: 1, handle: async () => 'ack' });
    await waitUntil('the consumer', () => consumer.state().open);
    proxy.cut();
    // Each farewell waits 2 s at most. Without that limit closing would never end, and so would this test.
    await half.close();
    expect(half.state()).toMatchObject({ unconfirmed: 0, consumers: [{ open: false, inHand: 0 }] });
  });

  it('lets several processes declare the whole topology at the same time', async () => {
    const fresh = await createTestVhost();
    const start = (n: number) =>
      createBus({ url: fresh.amqpUrl, instance: `process ${n}`, log: createCollectingLogger() });
    const buses = await Promise.all([1, 2, 3, 4].map(start));
    await Promise.all(buses.map((one) => waitUntil('a connection', () => one.state().connected)));
    await Promise.all(buses.map((one) => one.close()));
    await fresh[Symbol.asyncDispose]();
  });
});

/** Does what breaks something for a moment; watched from before, for the moment may be over when the breaking returns. */
async function loseAndRegain(isThere: () => boolean, lose: () => Promise<unknown>): Promise<void> {
  const lost = waitUntil('the loss', () => !isThere());
  await Promise.all([lose(), lost]);
  await waitUntil('the return', isThere);
}

/** Publishes numbered messages without a pause; `stop` gives how many the broker took. */
function publishUntilStopped(bus: Bus) {
  let stopped = false;
  let refused = 0;
  const running = run();
  return {
    refused: () => refused,
    stop: () => {
      stopped = true;
      return running;
    },
  };

  async function run(): Promise<number> {
    let published = 0;
    for (; !stopped; published += BATCH) {
      const batch = Array.from({ length: BATCH }, (_, n) => thingMade(published + n));
      refused += await publishAll(bus, batch);
    }
    return published;
  }
}

const BATCH = 20;
const OUTBOX_CLAIM_MS = 10_000;

/** Publishes like the outbox does: what was not confirmed is sent again. Gives the number of refusals. */
async function publishAll(bus: Bus, messages: readonly OutgoingMessage[]): Promise<number> {
  let refused = 0;
  for (let left = messages; left.length > 0; refused += left.length) {
    const outcomes = await bus.publish(left);
    left = left.filter((_, i) => outcomes[i]?.confirmed !== true);
    if (left.length > 0) await sleep(20);
  }
  return refused;
}
