import { waitUntil } from '@ironforge/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { deliver, userNews } from '../testbed/news.fixture.ts';
import { created, decide, read, replyOf, setPolicy } from '../testbed/story.fixture.ts';
import { startWorld, type World } from '../testbed/world.fixture.ts';

/** More than one transaction looks at. */
const MANY = 30;

let world: World;
beforeAll(async () => {
  world = await startWorld();
  await sweepElsewhere(world);
  await setPolicy(world, 'two of three');
});
afterAll(() => world[Symbol.asyncDispose]());

test('whatever waits for who is back is completed, in several transactions, but for news of his name alone', async () => {
  const ids = await waitingForAnn();
  const { ann } = world.people;
  const user = { id: ann.userId, roles: ['approver' as const], status: 'active' as const };
  await deliver(world, userNews(world, user, { rightsChanged: false }));
  expect(await read(world, ids[0] ?? '')).toMatchObject({ status: 'pending_approval' });
  await deliver(world, userNews(world, user, { rightsChanged: true }));
  const sql = 'SELECT status, xmin::TEXT AS written_by FROM tx_requests WHERE id = ANY ($1)';
  const rows = await world.database.query(sql, [ids]);
  expect(new Set(rows.map(({ status }) => status))).toEqual(new Set(['approved']));
  expect(new Set(rows.map((row) => row['written_by'])).size).toBeGreaterThan(1);
});

test('one that cannot be completed keeps none of the others, and the news comes again until it can be', async () => {
  const ids = await waitingForAnn();
  const broken = ids.toSorted()[3] ?? '';
  const mended = await breakRequest(broken);
  const { ann } = world.people;
  const user = { id: ann.userId, roles: ['approver' as const], status: 'active' as const };
  const delivered = deliver(world, userNews(world, user, { rightsChanged: true }));
  await waitUntil('the others to be approved', async () => (await statusesOf(ids)).approved === MANY - 1);
  expect(await read(world, broken)).toMatchObject({ status: 'pending_approval' });
  await mended();
  await delivered;
  expect(await statusesOf(ids)).toEqual({ approved: MANY });
});

/** Another process leads, so that what waits here is looked at for the news alone. */
async function sweepElsewhere({ database }: World): Promise<void> {
  await database.query(
    `INSERT INTO job_leases (name, holder, fence, expires_at)
     VALUES ('tx-orchestrator/sweep', gen_random_uuid(), 1, now() + INTERVAL '1 day')
     ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, expires_at = excluded.expires_at`,
  );
}

/** Requests that Ann, who counts again, and Ben have approved. */
async function waitingForAnn(): Promise<string[]> {
  const { ann, ben } = world.people;
  const walletId = world.addWallet().id;
  const ids: string[] = [];
  for (let n = 0; n < MANY; n += 1) ids.push((await created(world, walletId)).id);
  for (const id of ids) replyOf(await decide(world, ann, id));
  world.neighbourhood.users.set(ann.userId, { roles: ['approver'], status: 'suspended' });
  for (const id of ids) replyOf(await decide(world, ben, id));
  world.neighbourhood.users.set(ann.userId, { roles: ['approver'], status: 'active' });
  return ids;
}

/** The database refuses whatever is written of the request, until what is given back is called. */
async function breakRequest(id: string): Promise<() => Promise<void>> {
  await world.database.query(`ALTER TABLE tx_requests ADD CONSTRAINT broken CHECK (id <> '${id}') NOT VALID`);
  return async () => void (await world.database.query('ALTER TABLE tx_requests DROP CONSTRAINT broken'));
}

async function statusesOf(ids: readonly string[]): Promise<Record<string, number>> {
  const sql =
    'SELECT status, count(*)::INT8 AS how_many FROM tx_requests WHERE id = ANY ($1) GROUP BY status';
  const rows = await world.database.query(sql, [ids]);
  return Object.fromEntries(rows.map((row) => [String(row['status']), Number(row['how_many'])]));
}
