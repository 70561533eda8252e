import { waitUntil } from '@ironforge/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { installTimedPolicy } from './testbed/policies.fixture.ts';
import { created, decide, read, refusalOf, replyOf } from './testbed/story.fixture.ts';
import { startWorld, type World } from './testbed/world.fixture.ts';

const HOUR_MS = 3_600_000;

let world: World;
beforeAll(async () => {
  world = await startWorld();
  await installTimedPolicy(world, 3);
});
afterAll(() => world[Symbol.asyncDispose]());

test('a request waits for approvals as long as its rule says, and expires by itself then', async () => {
  const { ann, ben } = world.people;
  const { id, createdAt, expiresAt } = await created(world, world.addWallet().id);
  const waitsMs = Date.parse(expiresAt ?? '') - Date.parse(createdAt);
  expect(Math.round(waitsMs / HOUR_MS)).toBe(3);
  expect(replyOf(await decide(world, ann, id))).toMatchObject({ status: 'pending_approval', expiresAt });
  await passDeadline(id, waitsMs);
  await waitUntil('the request to expire', async () => (await read(world, id)).status === 'expired');
  expect(await read(world, id)).toMatchObject({ reason: 'approval_timeout', expiresAt: null });
  expect(refusalOf(await decide(world, ben, id))).toBe('409 illegal_transition');
});

/** Moves the deadline of the approvals into the past, and nothing else: the validity runs for a day. */
async function passDeadline(id: string, byMs: number): Promise<void> {
  const sql = `UPDATE tx_requests SET expires_at = expires_at - $2 * INTERVAL '1 millisecond' - INTERVAL '1 minute',
    state = jsonb_set(state, '{approvalDeadlineMs}',
      to_jsonb(CAST(state ->> 'approvalDeadlineMs' AS INT8) - CAST($2 AS INT8) - 60000)) WHERE id = $1`;
  await world.database.query(sql, [id, byMs]);
}
