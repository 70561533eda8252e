import { createCollectingLogger, createTestVhost, type TestVhost } from '@ironforge/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bus, createBus } from './bus.ts';
import { SMALL_TOPOLOGY, thingMade } from './bus.fixture.ts';

describe('publish', () => {
  let vhost: TestVhost;
  let bus: Bus;

  beforeAll(async () => {
    vhost = await createTestVhost();
    bus = await createBus({
      url: vhost.amqpUrl,
      instance: 'publisher test',
      log: createCollectingLogger(),
      topology: SMALL_TOPOLOGY,
    });
  });

  afterAll(async () => {
    await bus.close();
    await vhost[Symbol.asyncDispose]();
  });

  it('answers for every message in the given order once the broker confirmed it', async () => {
    const messages = Array.from({ length: 1_000 }, (_, n) => thingMade(n));
    const outcomes = await bus.publish(messages);
    expect(outcomes).toEqual(messages.map(({ id }) => ({ id, confirmed: true })));
    const stored = await vhost.peek('work', 2_000);
    expect(stored.map((message) => message.properties.message_id)).toEqual(messages.map(({ id }) => id));
    expect(stored[7]?.payload).toBe('{"n":7}');
  });

  it('reports a message that no queue takes as unroutable, and its neighbours as confirmed', async () => {
    const lost = { ...thingMade(2), routingKey: 'nobody.listens' };
    expect(await bus.publish([thingMade(1), lost, thingMade(3)])).toEqual([
      { id: 'thing-1', confirmed: true },
      { id: 'thing-2', confirmed: false, reason: 'unroutable' },
      { id: 'thing-3', confirmed: true },
    ]);
  });

  it('tells two copies of one id apart when only one of them can be routed', async () => {
    const lost = { ...thingMade(1), routingKey: 'nobody.listens' };
    const outcomes = await bus.publish([lost, thingMade(1), lost]);
    expect(outcomes.map((outcome) => outcome.confirmed)).toEqual([false, true, false]);
  });

  it('sends a command to the queue that its routing key names, and is refused when that queue is full', async () => {
    const orders = Array.from({ length: 20 }, (_, n) => ({
      ...thingMade(n),
      exchange: '',
      routingKey: 'orders',
    }));
    const outcomes = [];
    for (const order of orders) outcomes.push(...(await bus.publish([order])));
    expect(outcomes[0]).toEqual({ id: 'thing-0', confirmed: true });
    expect(outcomes.at(-1)).toEqual({ id: 'thing-19', confirmed: false, reason: 'nacked' });
    const accepted = outcomes.filter((outcome) => outcome.confirmed).length;
    expect((await vhost.peek('orders')).length).toBe(accepted);
  });

  it('says at once that it is not connected, instead of keeping messages in memory', async () => {
    const closed = await createBus({
      url: 'amqp://127.0.0.1:1',
      instance: 'nowhere',
      log: createCollectingLogger(),
    });
    expect(closed.state().connected).toBe(false);
    expect(await closed.publish([thingMade(1)])).toEqual([
      { id: 'thing-1', confirmed: false, reason: 'not_connected' },
    ]);
    await closed.close();
  });
});
