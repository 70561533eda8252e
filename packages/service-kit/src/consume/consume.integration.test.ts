import { randomUUID } from 'node:crypto';
import type { Envelope } from '@ironforge/contracts';
import type { Tx } from '@ironforge/store';
import { waitUntil } from '@ironforge/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { EventMessage } from '../events/create-event-maker.ts';
import { consumeEffects } from './consume-effects.ts';
import { consumeEventEffects } from './consume-event-effects.ts';
import { consumeEvents, type StateHandlers } from './consume-events.ts';
import { addRow, countRows, maker, openParts, TENANT, type TestParts } from './consumers.fixture.ts';

let parts: TestParts;
beforeAll(async () => {
  parts = await openParts();
});
afterAll(async () => await parts[Symbol.asyncDispose]());

const QUEUE = 'wallet-registry';
const cause = { actor: { type: 'chain' as const, id: 'eip155:1' } };

function watched(): EventMessage {
  const data = { walletId: randomUUID(), chainId: 'eip155:1', address: '0x0', fromHeight: 7 };
  return maker.event('chain.address_watched', {
    tenantId: TENANT,
    subject: data.walletId,
    version: 1,
    cause,
    data,
  });
}

function consume(handlers: StateHandlers) {
  const scopeOf = () => parts.store.forTenant(TENANT);
  return consumeEvents({ bus: parts.bus, scopeOf, queue: QUEUE, consumer: QUEUE, handlers });
}

/** Consumes until everything published is done with, and says how often the effect happened. */
async function outcome(handlers: StateHandlers, messages: readonly EventMessage[], done = messages.length) {
  const before = await countRows(parts.database);
  const consumer = consume(handlers);
  await parts.bus.publish(messages);
  await waitUntil(
    'all messages to be done with',
    () => consumer.state().acked + consumer.state().dead >= done,
  );
  await consumer.close();
  return { ...consumer.state(), effects: (await countRows(parts.database)) - before };
}

it('handles each event once, however often it is delivered', async () => {
  const messages = Array.from({ length: 20 }, watched);
  const handlers: StateHandlers = { 'chain.address_watched': addRow };
  const twice = [...messages, ...messages.toReversed()];
  expect(await outcome(handlers, twice)).toMatchObject({ effects: 20, acked: 40, dead: 0 });
});

it('acks an event that it has no handler for', async () => {
  expect(await outcome({}, [watched()])).toMatchObject({ effects: 0, acked: 1, dead: 0 });
});

it('parks what is no event, with the place that is wrong, and goes on', async () => {
  const good = watched();
  const bad = (change: Partial<Envelope>): EventMessage => {
    const message = watched();
    return { ...message, body: { ...message.body, ...change } };
  };
  const messages = [bad({ data: { walletId: 7 } }), bad({ tenantid: 'x' }), good];
  const result = await outcome({ 'chain.address_watched': addRow }, messages);
  expect(result).toMatchObject({ effects: 1, acked: 1, dead: 2 });
  const dead = await waitUntil('two dead letters', async () => {
    const letters = await parts.vhost.peek(`${QUEUE}.dead`);
    return letters.length === 2 ? letters : false;
  });
  const reasons = JSON.stringify(dead.map((letter) => letter.properties.headers));
  for (const place of ['/walletId', '/tenantid']) expect(reasons).toContain(place);
});

it('lets an event of an unknown type wait for a newer process, while its siblings go on', async () => {
  const message = watched();
  const newer = { ...message, body: { ...message.body, type: 'chain.renamed' } };
  const result = await outcome({ 'chain.address_watched': addRow }, [newer, watched()], 1);
  expect(result).toMatchObject({ effects: 1, acked: 1, dead: 0, postponed: 1 });
});

it('undoes inbox and effect together when a handler fails, and tries again', async () => {
  const failures = { left: 1 };
  const handler = async (...[tx]: Parameters<typeof addRow>) => {
    await addRow(tx);
    if (failures.left-- > 0) throw new Error('not yet');
  };
  const result = await outcome({ 'chain.address_watched': handler }, [watched()]);
  expect(result).toMatchObject({ effects: 1, acked: 1, retried: 1, dead: 0 });
});

it('waits while the database is away, counting nothing', async () => {
  const before = await countRows(parts.database);
  parts.line.refuse();
  const consumer = consume({ 'chain.address_watched': addRow });
  await parts.bus.publish([watched(), watched()]);
  await waitUntil('the consumer to pause', () => consumer.state().paused);
  expect(consumer.state()).toMatchObject({ acked: 0, retried: 0, dead: 0 });
  parts.line.heal();
  await waitUntil('both to be handled', () => consumer.state().acked === 2);
  await consumer.close();
  expect(consumer.state()).toMatchObject({ retried: 0, dead: 0 });
  expect((await countRows(parts.database)) - before).toBe(2);
});

it('acts on a command before it writes what came of it, once per command', async () => {
  const before = await countRows(parts.database);
  const data = { walletId: randomUUID(), chainId: 'eip155:1', address: '0x0', minHeight: 0 };
  const queue = 'balance_update.evm';
  const command = maker.command('balance_update', {
    tenantId: TENANT,
    subject: data.walletId,
    cause,
    data,
    queue,
  });
  const acted: string[] = [];
  const consumer = consumeEffects({
    bus: parts.bus,
    scopeOf: () => parts.store.forTenant(TENANT),
    queue,
    consumer: 'test-effects',
    command: 'balance_update',
    handle: async (message) => {
      acted.push(message.data.walletId);
      return addRow;
    },
  });
  const foreign = { ...command, id: randomUUID(), body: { ...command.body, type: 'tx_broadcast' } };
  await parts.bus.publish([command, command, foreign]);
  await waitUntil('all to be done with', () => consumer.state().acked === 2 && consumer.state().dead === 1);
  await consumer.close();
  expect(acted).toEqual([data.walletId, data.walletId]);
  expect((await countRows(parts.database)) - before).toBe(1);
});

it('asks about an event outside of the transaction, and writes what it learned once per event', async () => {
  const before = await countRows(parts.database);
  const asked: string[] = [];
  const consumer = consumeEventEffects({
    bus: parts.bus,
    scopeOf: () => parts.store.forTenant(TENANT),
    queue: QUEUE,
    consumer: 'test-event-effects',
    handlers: {
      'chain.address_watched': async ({ data }) => {
        asked.push(data.walletId);
        return addRow;
      },
    },
  });
  const event = watched();
  const malformed = watched();
  const foreign = maker.event('session.logged_out', {
    tenantId: TENANT,
    subject: TENANT,
    version: 1,
    cause,
    data: { userId: TENANT, sessionId: TENANT },
  });
  await parts.bus.publish([
    event,
    event,
    { ...malformed, body: { ...malformed.body, data: {} } },
    { ...foreign, routingKey: event.routingKey },
  ]);
  await waitUntil('all to be done with', () => consumer.state().acked === 3 && consumer.state().dead === 1);
  await consumer.close();
  expect(asked).toEqual([event.body.subject, event.body.subject]);
  expect((await countRows(parts.database)) - before).toBe(1);
});

it('an event whose asking waits too long for a lock waits alone', async () => {
  const scope = parts.store.forTenant(TENANT);
  await using lock = await held();
  const [stuck, free] = [watched(), watched()];
  const consumer = consumeEventEffects({
    bus: parts.bus,
    scopeOf: () => scope,
    queue: QUEUE,
    consumer: 'test-own-wait',
    handlers: {
      'chain.address_watched': async ({ data }) => {
        if (data.walletId === stuck.body.subject) await scope.transaction(lock.wait);
        return addRow;
      },
    },
  });
  await parts.bus.publish([stuck, free]);
  await waitUntil('one to be done and one put off', () => {
    const { acked, postponed } = consumer.state();
    return acked === 1 && postponed === 1;
  });
  await consumer.close();
});

/** A row that somebody holds, and how a transaction waits for it with little patience. */
async function held() {
  const scope = parts.store.forTenant(TENANT);
  await scope.transaction(async (tx) => void (await tx.raw(HELD_ROW, [TENANT, TENANT])));
  const [taken, wanted] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const holding = scope.transaction(async (tx) => {
    await tx.raw(LOCK);
    taken.resolve();
    await wanted.promise;
  });
  await Promise.race([taken.promise, holding]);
  return {
    wait: async (tx: Tx) => {
      await tx.raw(`SET LOCAL lock_timeout = '50ms'`);
      await tx.raw(LOCK);
    },
    [Symbol.asyncDispose]: async () => {
      wanted.resolve();
      await holding;
    },
  };
}

const HELD_ROW = `INSERT INTO idempotency_keys (tenant_id, principal_id, route, key, body_hash) VALUES (?, ?, 'held', 'held', '')`;
const LOCK = `SELECT 1 FROM idempotency_keys WHERE route = 'held' FOR UPDATE`;
