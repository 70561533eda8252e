import { waitUntil } from '@ironforge/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { figureOf, setHardLimit } from '../testbed/limit.fixture.ts';
import { created, read } from '../testbed/story.fixture.ts';
import { startWorld, type World } from '../testbed/world.fixture.ts';

let world: World;
let policyId: string;
beforeAll(async () => {
  world = await startWorld();
  policyId = await setHardLimit(world, 1_000, { type: 'allow' });
});
afterAll(() => world[Symbol.asyncDispose]());

test('what is overdue together ends in one transaction, and each gives back what it held', async () => {
  const ids = await createSome(4);
  expect(await figureOf(world, policyId)).toEqual({ open: 20, committed: 0 });
  await passValidity(ids);
  await waitUntil('all to expire', async () => (await statuses(ids)).every((status) => status === 'expired'));
  expect(await transactionsOf(ids)).toBe(1);
  expect(await figureOf(world, policyId)).toEqual({ open: 0, committed: 0 });
});

test('one that cannot end keeps none of its siblings', async () => {
  const ids = await createSome(4);
  const [poisoned = '', ...siblings] = ids.toSorted();
  await world.database.query(
    `UPDATE tx_requests SET state = jsonb_set(state, '{attempts}', 'null') WHERE id = $1`,
    [poisoned],
  );
  await passValidity(ids);
  await waitUntil('the siblings to expire', async () =>
    (await statuses(siblings)).every((status) => status === 'expired'),
  );
  expect(await transactionsOf(ids)).toBe(siblings.length);
  const left = world.log.lines.filter(({ message }) => message === 'a sweep left one behind; tried again');
  expect(new Set(left.map(({ fields }) => fields['id']))).toEqual(new Set([poisoned]));
});

async function createSome(count: number): Promise<readonly string[]> {
  const wallet = world.addWallet();
  const requests = await Promise.all(Array.from({ length: count }, () => created(world, wallet.id)));
  return requests.map(({ id }) => id);
}

/** Lets the validity of requests end at one moment, in the database's time. */
async function passValidity(ids: readonly string[]): Promise<void> {
  const sql = `UPDATE tx_requests SET expires_at = now() - interval '1 second',
    state = jsonb_set(state, '{validUntilMs}', '0') WHERE id = ANY ($1)`;
  await world.database.query(sql, [ids]);
}

async function statuses(ids: readonly string[]): Promise<readonly string[]> {
  return await Promise.all(ids.map(async (id) => (await read(world, id)).status));
}

/** In how many transactions requests expired: their messages have the time of its beginning. */
async function transactionsOf(ids: readonly string[]): Promise<number> {
  const sql = `SELECT DISTINCT created_at FROM outbox
    WHERE routing_key = 'tx_request.expired' AND CAST(body AS JSONB) ->> 'subject' = ANY ($1)`;
  return (await world.database.query(sql, [ids])).length;
}
