import { waitUntil } from '@ironforge/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { event, tenantId } from './messages.fixture.ts';
import { openOutboxWorld, type OutboxWorld } from './outbox.fixture.ts';

/** More than one sweep takes. */
const MANY = 1_100;
const INTERVAL_MS = 200;
/** A timer may end this much before its time by another clock. */
const TIMER_ERROR_MS = 5;
/** A claim that does not end during a test. */
const CLAIM_MS = 600_000;

let world: OutboxWorld;
beforeEach(async () => {
  world = await openOutboxWorld();
});
afterEach(() => world[Symbol.asyncDispose]());

test('while the broker takes nothing, the rows are tried once an interval and not in a busy loop', async () => {
  await leave(MANY, 'taken.by_nobody');
  world.openOutbox({ sweepIntervalMs: INTERVAL_MS }).start();
  await waitUntil('six tries', () => world.batches.length >= 6);
  const times = world.batches.map(({ at }) => at);
  const waits = times.slice(1).map((at, index) => at - (times[index] ?? 0));
  expect(Math.min(...waits)).toBeGreaterThanOrEqual(INTERVAL_MS - TIMER_ERROR_MS);
  expect(new Set(world.refusals)).toEqual(new Set(['unroutable']));
});

test('messages that the broker never takes keep no other one waiting', async () => {
  await leave(MANY, 'taken.by_nobody');
  await leave(1, 'taken.by_somebody');
  world.openOutbox({ sweepIntervalMs: 50 }).start();
  await waitUntil('the younger message', async () => (await world.pending('taken.by_somebody')).length === 0);
  expect(await world.pending('taken.by_nobody')).toHaveLength(MANY);
  const isIn = ({ messages }: (typeof world.batches)[number]) =>
    messages.some(({ routingKey }) => routingKey === 'taken.by_somebody');
  // One sweep takes two batches of the others and tries the first; then they wait behind it.
  expect(world.batches.findIndex(isIn)).toBe(1);
});

test('a row that is no message keeps no other one waiting, and somebody is told', async () => {
  await leave(1, 'broken.row');
  await world.database.query(`UPDATE outbox SET body = '{"specversion":"1.0"}'`);
  await leave(1, 'taken.by_somebody');
  world.openOutbox({ sweepIntervalMs: 50, claimMs: CLAIM_MS }).start();
  await waitUntil('the other message', async () => (await world.pending('taken.by_somebody')).length === 0);
  expect(await world.pending('broken.row')).toHaveLength(1);
  const alerts = world.log.lines.filter(({ fields }) => fields['alert'] === 'unreadable_outbox_rows');
  expect(alerts).toMatchObject([{ level: 'error' }]);
});

/** Rows as a process leaves them that died right after its commits. */
async function leave(count: number, type: string): Promise<void> {
  const { body } = event({ type });
  await world.database.query(
    `INSERT INTO outbox (id, tenant_id, service, exchange, routing_key, body, claimed_until)
     SELECT gen_random_uuid(), $1, 'tester', 'ironforge.events', $2, $3, now() - interval '1 second'
     FROM generate_series(1, $4)`,
    [tenantId, type, JSON.stringify(body), count],
  );
}
