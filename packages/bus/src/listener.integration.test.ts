import { createCollectingLogger, createTestVhost, type TestVhost, waitUntil } from '@ironforge/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cutConnections, SMALL_TOPOLOGY, thingMade } from './bus.fixture.ts';
import { type Bus, createBus } from './bus.ts';

describe('listen', () => {
  let vhost: TestVhost;
  const buses: Bus[] = [];

  beforeEach(async () => {
    vhost = await createTestVhost();
  });

  afterEach(async () => {
    for (const bus of buses.splice(0)) await bus.close();
    await vhost[Symbol.asyncDispose]();
  });

  /** A process that listens: what it heard, and how often it began to. */
  async function startEar() {
    const log = createCollectingLogger();
    const bus = await createBus({ url: vhost.amqpUrl, instance: 'ear', log, topology: SMALL_TOPOLOGY });
    buses.push(bus);
    const heard: unknown[] = [];
    const ear = { bus, heard, opened: 0 };
    bus.listen({
      queue: 'ear',
      onOpen: () => void (ear.opened += 1),
      onMessage: (body) => void heard.push(body),
    });
    await waitUntil('the ear', () => ear.opened === 1);
    return ear;
  }

  const ears = async (): Promise<string[]> => {
    const queues = await vhost.management('GET', `queues/${vhost.name}`);
    const names = Array.isArray(queues) ? queues.map((queue: { name: string }) => queue.name) : [];
    return names.filter((name) => name.startsWith('ear.'));
  };

  it('lets each process hear every message once, and other queues get theirs all the same', async () => {
    const [one, two] = [await startEar(), await startEar()];
    await one.bus.publish([thingMade(1), thingMade(2)]);
    await waitUntil('both to hear', () => one.heard.length === 2 && two.heard.length === 2);
    expect(one.heard).toEqual([{ n: 1 }, { n: 2 }]);
    expect((await vhost.peek('work')).map(({ payload }) => payload)).toEqual(['{"n":1}', '{"n":2}']);
  });

  it('says that it hears anew after its connection was cut, and then hears', async () => {
    const ear = await startEar();
    await cutConnections(vhost);
    await waitUntil('it to open again', () => ear.opened >= 2);
    await waitUntil('a word', async () => {
      await ear.bus.publish([thingMade(7)]);
      return ear.heard.length > 0;
    });
    expect(ear.heard[0]).toEqual({ n: 7 });
  });

  it('has its queue to itself: nobody else reads or deletes it', async () => {
    await startEar();
    const [name = ''] = await waitUntil('the queue', async () => {
      const names = await ears();
      return names.length === 1 && names;
    });
    await expect(vhost.peek(name)).rejects.toThrow('exclusive access');
    const remove = vhost.management('DELETE', `queues/${vhost.name}/${name}`);
    await expect(remove).rejects.toThrow('exclusive access');
  });

  it('leaves no queue behind', async () => {
    const ear = await startEar();
    await waitUntil('the queue', async () => (await ears()).length === 1);
    await ear.bus.close();
    await waitUntil('no queue', async () => (await ears()).length === 0);
  });
});
