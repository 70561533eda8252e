import { randomUUID } from 'node:crypto';
import { waitUntil } from '@ironforge/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { EventMessage } from '../events/create-event-maker.ts';
import { type BatchHandler, consumeEventBatches } from './consume-event-batches.ts';
import { addRow, countRows, maker, openParts, TENANT, type TestParts } from './consumers.fixture.ts';

let parts: TestParts;
beforeAll(async () => {
  parts = await openParts();
});
afterAll(async () => await parts[Symbol.asyncDispose]());

const QUEUE = 'wallet-registry';
const cause = { actor: { type: 'chain' as const, id: 'eip155:1' } };

function watched(address = '0x0'): EventMessage {
  const data = { walletId: randomUUID(), chainId: 'eip155:1', address, fromHeight: 7 };
  const place = { tenantId: TENANT, subject: data.walletId, version: 1, cause };
  return maker.event('chain.address_watched', { ...place, data });
}

/** Events of one address are of one place; those of `nowhere` are of none. */
function placeOf({ data }: Parameters<BatchHandler>[1][number]): string | null {
  if (!('address' in data) || typeof data.address !== 'string') return null;
  return data.address === 'nowhere' ? null : data.address;
}

const OPTIONS = { placeOf, queue: QUEUE, consumer: QUEUE };
const scopeOf = () => parts.store.forTenant(TENANT);
const addRows: BatchHandler = async (tx, events) => {
  for (const _event of events) await addRow(tx);
};

/** Consumes until everything published is done with; says how often the effect happened, and in which batches. */
async function outcome(messages: readonly EventMessage[], disturb: (size: number) => void = () => undefined) {
  const [before, batches] = [await countRows(parts.database), [] as string[][]];
  const handle: BatchHandler = async (tx, events) => {
    await addRows(tx, events);
    disturb(events.length);
    tx.afterCommit(() => void batches.push(events.map(({ id }) => id)));
  };
  await parts.bus.publish(messages);
  const consumer = consumeEventBatches({ ...OPTIONS, bus: parts.bus, scopeOf, handle });
  await waitUntil('all to be done with', () => {
    const { acked, dead } = consumer.state();
    return acked + dead === messages.length;
  });
  await consumer.close();
  return { ...consumer.state(), batches, effects: (await countRows(parts.database)) - before };
}

it('handles events of one place together, in their order, and those of another place apart', async () => {
  const [mine, theirs] = [
    Array.from({ length: 10 }, () => watched('a')),
    Array.from({ length: 3 }, () => watched('b')),
  ];
  const { batches, effects } = await outcome([...mine, ...theirs]);
  expect(effects).toBe(13);
  expect(batches.length).toBeLessThan(13);
  const ids = (messages: readonly EventMessage[]) => messages.map(({ id }) => id);
  for (const own of [ids(mine), ids(theirs)]) {
    const handled = batches.filter(([first = '']) => own.includes(first));
    expect(handled.flat()).toEqual(own);
  }
});

it('handles each event once, however often it is delivered', async () => {
  const messages = Array.from({ length: 12 }, () => watched());
  const twice = [...messages, ...messages.toReversed()];
  expect(await outcome(twice)).toMatchObject({ effects: 12, acked: 24, retried: 0, dead: 0 });
});

it('handles each alone when a batch fails, so that nothing of the batch stays and none is tried for its siblings', async () => {
  const disturb = (size: number) => {
    if (size > 1) throw new Error('not together');
  };
  const result = await outcome(
    Array.from({ length: 8 }, () => watched()),
    disturb,
  );
  expect(result).toMatchObject({ effects: 8, acked: 8, retried: 0, dead: 0 });
  expect(result.batches.every((batch) => batch.length === 1)).toBe(true);
});

it('acks what is of no place, and parks what is no event', async () => {
  const broken = watched();
  const messages = [watched('nowhere'), { ...broken, body: { ...broken.body, data: {} } }];
  expect(await outcome(messages)).toMatchObject({ effects: 0, acked: 1, dead: 1 });
});

it('lets those of one place wait together, uncounted, when somebody holds it for too long, and others go on', async () => {
  const kept = Array.from({ length: 4 }, () => watched('kept'));
  const others = Array.from({ length: 3 }, () => watched('free'));
  const tried: number[] = [];
  const handle: BatchHandler = async (tx, events) => {
    const isKept = events.some(({ id }) => kept.some((one) => one.id === id));
    if (isKept) tried.push(events.length);
    if (isKept && tried.reduce((sum, size) => sum + size, 0) <= kept.length)
      await tx.raw(`DO $$ BEGIN RAISE EXCEPTION 'held' USING ERRCODE = '55P03'; END $$`);
    await addRows(tx, events);
  };
  await parts.bus.publish([...kept, ...others]);
  const consumer = consumeEventBatches({ ...OPTIONS, bus: parts.bus, scopeOf, handle });
  await waitUntil('all', () => consumer.state().acked === 7);
  expect(consumer.state()).toMatchObject({ retried: 0, dead: 0, postponed: kept.length });
  expect(parts.log.lines.filter(({ message }) => message === 'consumer pauses')).toEqual([]);
  await consumer.close();
});

it('waits while the database is away, counting nothing', async () => {
  parts.line.refuse();
  const consumer = consumeEventBatches({ ...OPTIONS, bus: parts.bus, scopeOf, handle: addRows });
  await parts.bus.publish([watched(), watched(), watched()]);
  await waitUntil('the consumer to pause', () => consumer.state().paused);
  parts.line.heal();
  await waitUntil('all to be handled', () => consumer.state().acked === 3);
  await consumer.close();
  expect(consumer.state()).toMatchObject({ retried: 0, dead: 0 });
});
