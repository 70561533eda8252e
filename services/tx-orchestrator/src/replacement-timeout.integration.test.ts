import { ROUTES } from '@ironforge/contracts';
import { waitUntil } from '@ironforge/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { published } from './testbed/published.fixture.ts';
import { installTimedPolicy } from './testbed/policies.fixture.ts';
import { askReplacement } from './testbed/replacement.fixture.ts';
import { create, decide, payload, read, refusalOf, replyOf, sign, submit } from './testbed/story.fixture.ts';
import { type Person, startWorld, type World } from './testbed/world.fixture.ts';

const HOUR_MS = 3_600_000;

let world: World;
beforeAll(async () => {
  world = await startWorld();
  await installTimedPolicy(world, 3);
});
afterAll(() => world[Symbol.asyncDispose]());

test('a speed-up that waits for people waits as long as its rule says, and another may be asked for after it', async () => {
  const { ann, ben } = world.people;
  const { id, ceiling } = await signedByApproval();
  const asked = replyOf(await askAbove(id, ceiling + 1n));
  const waitsMs = Date.parse(asked.expiresAt ?? '') - Date.now();
  expect(Math.round(waitsMs / HOUR_MS)).toBe(3);
  const { id: attemptId, intentHash = '' } = asked.attempts[1] ?? {};
  replyOf(await approve(ann, id, intentHash));
  await passDeadline(id, waitsMs);
  const after = await waitUntil('the speed-up to end', async () => {
    const shown = await read(world, id);
    return shown.attempts[1]?.state === 'replaced' ? shown : undefined;
  });
  expect(after).toMatchObject({ status: asked.status, reason: asked.reason, expiresAt: null });
  const details = { attemptId, reason: 'approval_timeout' };
  expect(await toldOf(id)).toMatchObject({ data: { details } });
  expect(refusalOf(await approve(ben, id, intentHash))).toBe('409 intent_mismatch');
  const next = replyOf(await askAbove(id, ceiling + 2n));
  expect(next.attempts[2]).toMatchObject({ state: 'pending_approval' });
  expect(next.expiresAt).not.toBeNull();
});

async function signedByApproval() {
  const wallet = world.addWallet();
  const { id, feeCeiling } = replyOf(await create(world, wallet.id));
  for (const person of [world.people.ann, world.people.ben]) replyOf(await decide(world, person, id));
  const offer = await payload(world, id);
  replyOf(await submit(world, offer, sign(wallet.key, offer)));
  return { id, ceiling: BigInt(feeCeiling) };
}

async function askAbove(id: string, feeCeiling: bigint) {
  return await askReplacement(world, id, 'speed_up', { body: { feeCeiling: feeCeiling.toString() } });
}

async function approve(person: Person, id: string, intentHash: string) {
  const body = { decision: 'approve' as const, intentHash };
  return await world.ask(person, ROUTES.decideTransaction, { params: { id }, body });
}

async function toldOf(id: string) {
  const isIt = ({ type, subject }: { type: string; subject: string }) =>
    type === 'tx_request.attempt_rejected' && subject === id;
  return await waitUntil('the event', async () => (await published(world, isIt)).at(0));
}

/** Moves the deadline of the replacement into the past, and nothing else. */
async function passDeadline(id: string, byMs: number): Promise<void> {
  const sql = `UPDATE tx_requests SET expires_at = expires_at - $2 * INTERVAL '1 millisecond' - INTERVAL '1 minute',
    state = jsonb_set(state, '{attempts,1,approvalDeadlineMs}',
      to_jsonb(CAST(state #>> '{attempts,1,approvalDeadlineMs}' AS INT8) - CAST($2 AS INT8) - 60000)) WHERE id = $1`;
  await world.database.query(sql, [id, byMs]);
}
