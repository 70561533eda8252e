import { afterAll, beforeAll, expect, test } from 'vitest';
import { deliver, userNews } from '../testbed/news.fixture.ts';
import { created, decide, read, replyOf, setPolicy } from '../testbed/story.fixture.ts';
import { startWorld, type World } from '../testbed/world.fixture.ts';

/** More than one transaction looks at. */
const MANY = 30;

let world: World;
beforeAll(async () => {
  world = await startWorld();
  await setPolicy(world, 'two of three');
});
afterAll(() => world[Symbol.asyncDispose]());

test('whatever waits for who is back is completed, in several transactions, but for news of his name alone', async () => {
  const { ann, ben } = world.people;
  const walletId = world.addWallet().id;
  const ids = [];
  for (let n = 0; n < MANY; n += 1) ids.push((await created(world, walletId)).id);
  for (const id of ids) replyOf(await decide(world, ann, id));
  world.neighbourhood.users.set(ann.userId, { roles: ['approver'], status: 'suspended' });
  for (const id of ids) replyOf(await decide(world, ben, id));
  world.neighbourhood.users.set(ann.userId, { roles: ['approver'], status: 'active' });
  const user = { id: ann.userId, roles: ['approver' as const], status: 'active' as const };
  await deliver(world, userNews(world, user, { rightsChanged: false }));
  expect(await read(world, ids[0] ?? '')).toMatchObject({ status: 'pending_approval' });
  await deliver(world, userNews(world, user, { rightsChanged: true }));
  const sql = 'SELECT status, xmin::TEXT AS written_by FROM tx_requests WHERE id = ANY ($1)';
  const rows = await world.database.query(sql, [ids]);
  expect(new Set(rows.map(({ status }) => status))).toEqual(new Set(['approved']));
  expect(new Set(rows.map((row) => row['written_by'])).size).toBeGreaterThan(1);
});
