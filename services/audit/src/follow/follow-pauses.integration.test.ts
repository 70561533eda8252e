import { randomUUID } from 'node:crypto';
import { createStore } from '@ironforge/store';
import { createCollectingLogger, waitUntil } from '@ironforge/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type AuditWorld, createAuditWorld, loginFailed, newTenant } from '../audit.fixture.ts';
import { insertFollower } from '../queries/audit-followers.ts';
import { createHeads } from './create-heads.ts';
import { followLog } from './follow-log.ts';
import { createFollowTeller } from './follow-teller.ts';

const PAUSES = { leaseMs: 300, deliverMs: 200, busyMs: 50, firstMs: 20, mostMs: 3_000 };
const tenantId = newTenant();
const log = createCollectingLogger();
let world: AuditWorld;

beforeAll(async () => {
  world = await createAuditWorld();
  await using _service = await world.start();
  await world.publish([loginFailed(tenantId)]);
  await world.numbered(tenantId, 1);
});
afterAll(() => world[Symbol.asyncDispose]());

it.each([
  ['soon after a failure, when all went well between it and those before', 2, (ms: number) => ms < 1_000],
  ['later after each failure in a row', 1, (ms: number) => ms >= 1_000],
])('tries again %s', async (_when, each, isExpected) => {
  const { deliver, failedAt, triedAt } = failingEach(each);
  await following(randomUUID(), deliver, () => triedAt.length === 8);
  expect((triedAt[7] ?? 0) - (failedAt[7] ?? 0)).toSatisfy(isExpected);
});

/** Fails with one delivery in so many; tells when, and when it was tried the next time. */
function failingEach(count: number) {
  const failedAt: number[] = [];
  const triedAt: number[] = [];
  let deliveries = 0;
  const deliver = async (): Promise<void> => {
    if (failedAt.length > triedAt.length) triedAt.push(performance.now());
    if (deliveries++ % count !== 0) return;
    failedAt.push(performance.now());
    throw new Error('out of order');
  };
  return { deliver, failedAt, triedAt };
}

async function following(name: string, deliver: () => Promise<void>, isOver: () => boolean): Promise<void> {
  await using store = createStore({ url: world.database.url, log, pool: { min: 0, max: 4 } });
  await using heads = createHeads({ store, log }, 100);
  await store.forTenant(tenantId).transaction((tx) => insertFollower(tx, tenantId, name));
  const follower = {
    ...{ tenantId, name, deliver },
    prepare: async () => undefined,
    beginFrom: async (noted: bigint) => noted,
  };
  const deps = { store, heads, holder: randomUUID(), teller: createFollowTeller(log) };
  await using _following = followLog(deps, follower, PAUSES);
  await waitUntil('the next try', isOver);
}
