import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Envelope } from '@ironforge/contracts';
import { waitUntil } from '@ironforge/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createStoreFixture, newTenant, type StoreFixture } from '../store.fixture.ts';
import { createOutbox, type Outbox } from './create-outbox.ts';
import type { OutboxMessage, Publisher } from './message.ts';

/** More than one sweep takes. */
const MANY = 450;

let fixture: StoreFixture;
let outbox: Outbox | null = null;
beforeEach(async () => {
  fixture = await createStoreFixture();
});
afterEach(async () => {
  await outbox?.[Symbol.asyncDispose]();
  await fixture[Symbol.asyncDispose]();
});

test('while the broker takes nothing, the rows are tried once an interval and not in a busy loop', async () => {
  await leave(MANY, 'taken.by_nobody');
  const tries = sweep(() => false, 200);
  await sleep(900);
  expect(tries.length).toBeLessThanOrEqual(5);
});

test('messages that the broker never takes keep no other one waiting', async () => {
  await leave(MANY, 'taken.by_nobody');
  await leave(1, 'taken.by_somebody');
  const tries = sweep(({ routingKey }) => routingKey === 'taken.by_somebody', 50);
  await waitUntil('the younger message', async () => (await pending('taken.by_somebody')) === 0);
  expect(await pending('taken.by_nobody')).toBe(MANY);
  expect(tries.length).toBeLessThan(20);
});

test('a row that is no message keeps no other one waiting, and somebody is told', async () => {
  await leave(1, 'broken.row');
  await fixture.database.query(`UPDATE outbox SET body = '{"specversion":"1.0"}'`);
  await leave(1, 'taken.by_somebody');
  sweep(() => true, 50);
  await waitUntil('the other message', async () => (await pending('taken.by_somebody')) === 0);
  expect(await pending('broken.row')).toBe(1);
  const alerts = fixture.log.lines.filter(({ fields }) => fields['alert'] === 'unreadable_outbox_rows');
  expect(alerts).toMatchObject([{ level: 'error' }]);
});

test('a message that no reader could parse is refused where it is written, with its state change', async () => {
  const { store, log } = fixture;
  outbox = createOutbox({ store, log, publisher: { publish: async () => [] }, service: 'tester' });
  const tenantId = newTenant();
  const message = { id: randomUUID(), exchange: 'x', routingKey: 'y', body: envelopeOf(tenantId, 'y') };
  const tooLong = { ...message, body: { ...message.body, clientip: '1'.repeat(46) } };
  const writing = store
    .forTenant(tenantId)
    .transaction((tx) => outbox?.add(tx, [tooLong]) ?? Promise.reject(new Error('no outbox')));
  await expect(writing).rejects.toThrow('clientip');
  expect(await pending('y')).toBe(0);
});

/** Starts the sweeper; the sizes of the batches that it tries to publish. */
function sweep(isTaken: (message: OutboxMessage) => boolean, sweepIntervalMs: number): readonly number[] {
  const tries: number[] = [];
  const publisher: Publisher = {
    publish: async (messages) => {
      tries.push(messages.length);
      return messages.map((message) => ({ id: message.id, confirmed: isTaken(message) }));
    },
  };
  const { store, log } = fixture;
  outbox = createOutbox({ store, log, publisher, service: 'tester', sweepIntervalMs });
  outbox.start();
  return tries;
}

/** Rows as a process leaves them that died right after its commits. */
async function leave(count: number, routingKey: string): Promise<void> {
  const tenantId = newTenant();
  const body = envelopeOf(tenantId, routingKey);
  await fixture.database.query(
    `INSERT INTO outbox (id, tenant_id, service, exchange, routing_key, body, claimed_until)
     SELECT gen_random_uuid(), $1, 'tester', 'ironforge.events', $2, $3, now() - interval '1 second'
     FROM generate_series(1, $4)`,
    [tenantId, routingKey, JSON.stringify(body), count],
  );
}

function envelopeOf(tenantId: string, type: string): Envelope {
  return {
    specversion: '1.0',
    id: randomUUID(),
    type,
    source: 'tester',
    subject: 'subject',
    time: '2026-01-01T00:00:00.000Z',
    datacontenttype: 'application/json',
    tenantid: tenantId,
    aggregateversion: 1,
    actortype: 'service',
    actorid: 'tester',
    data: {},
  };
}

async function pending(routingKey: string): Promise<unknown> {
  const sql = `SELECT count(*)::INT4 AS rows FROM outbox WHERE state = 'pending' AND routing_key = $1`;
  return (await fixture.database.query(sql, [routingKey]))[0]?.['rows'];
}
