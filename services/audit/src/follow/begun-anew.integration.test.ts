import { randomUUID } from 'node:crypto';
import { createStore, type Store, type Work } from '@ironforge/store';
import { createCollectingLogger, waitUntil } from '@ironforge/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type AuditWorld, createAuditWorld, loginFailed, newTenant } from '../audit.fixture.ts';
import {
  advanceFollower,
  deleteFollower,
  holdFollower,
  insertFollower,
  restartFollower,
} from '../queries/audit-followers.ts';
import { createHeads } from './create-heads.ts';
import { followLog } from './follow-log.ts';
import { createFollowTeller } from './follow-teller.ts';

const NAME = 'reader';
const PAUSES = { leaseMs: 600, deliverMs: 300, busyMs: 50, firstMs: 50, mostMs: 100 };
const tenantId = newTenant();
const log = createCollectingLogger();
let world: AuditWorld;
let store: Store;

beforeAll(async () => {
  world = await createAuditWorld();
  await using _service = await world.start();
  await world.publish(Array.from({ length: 5 }, () => loginFailed(tenantId)));
  await world.numbered(tenantId, 5);
  store = createStore({ url: world.database.url, log, pool: { min: 0, max: 4 } });
});
afterAll(async () => {
  await store[Symbol.asyncDispose]();
  await world[Symbol.asyncDispose]();
});

it.each([
  ['was forgotten and made anew', forgetAndMake],
  ['was sent back', () => change((tx) => restartFollower(tx, tenantId, NAME))],
])('begins at the first entry again when its place %s while it went on', async (_how, begin) => {
  await forgetAndMake();
  const delivered: bigint[] = [];
  await using heads = createHeads({ store, log }, 100);
  const follower = {
    tenantId,
    name: NAME,
    prepare: async () => undefined,
    beginFrom: async (noted: bigint) => noted,
    deliver: async (entries: readonly { readonly sequence: bigint }[]) =>
      void delivered.push(...entries.map(({ sequence }) => sequence)),
  };
  const deps = { store, heads, holder: randomUUID(), teller: createFollowTeller(log) };
  await using _following = followLog(deps, follower, PAUSES);
  await waitUntil('all to be delivered', () => delivered.length === 5);
  await begin();
  await waitUntil('all to be delivered again', () => delivered.length === 10);
  expect(delivered).toEqual([1n, 2n, 3n, 4n, 5n, 1n, 2n, 3n, 4n, 5n]);
});

it.each([
  ['was forgotten and made anew', forgetAndMake],
  ['was sent back', () => change((tx) => restartFollower(tx, tenantId, NAME))],
])('a place that %s is not moved by whoever held it before', async (_how, begin) => {
  const claim = { name: NAME, holder: randomUUID(), leaseMs: 60_000 };
  await forgetAndMake();
  const before = await change((tx) => holdFollower(tx, tenantId, claim));
  await begin();
  await change((tx) => holdFollower(tx, tenantId, { ...claim, holder: randomUUID() }));
  const fence = before?.fence ?? 0n;
  const place = { name: NAME, fence, sequence: 5n };
  expect(await change((tx) => advanceFollower(tx, tenantId, place))).toBe(false);
});

async function forgetAndMake(): Promise<void> {
  await change(async (tx) => {
    await deleteFollower(tx, tenantId, NAME);
    await insertFollower(tx, tenantId, NAME);
  });
}

async function change<T>(work: Work<T>): Promise<T> {
  return await store.forTenant(tenantId).transaction(work);
}
