import type { TenantId } from '@ironforge/kernel';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  codeOf,
  countOf,
  counts,
  createStoreFixture,
  newTenant,
  type StoreFixture,
} from './store.fixture.ts';
import type { Tx } from './transaction.ts';

let fixture: StoreFixture;
beforeAll(async () => {
  fixture = await createStoreFixture();
});
afterAll(() => fixture[Symbol.asyncDispose]());

test('twenty increments at once collide at SERIALIZABLE, are retried, and none is lost', async () => {
  const tenantId = newTenant();
  const scope = fixture.store.forTenant(tenantId);
  await scope.transaction((tx) => counts.insert(tx, tenantId));
  const before = fixture.store.stats();
  const twoRead = barrier(2);
  const increment = async (tx: Tx) => {
    const seen = (await counts.read(tx, tenantId)) ?? 0;
    await twoRead();
    await counts.write(tx, tenantId, seen + 1);
  };
  await Promise.all(Array.from({ length: 20 }, () => scope.transaction(increment)));
  expect(await countOf(scope, tenantId)).toBe(20);
  expect(fixture.store.stats().retries).toBeGreaterThan(before.retries);
});

test('the same on a hot row, locked first at READ COMMITTED, collides never', async () => {
  const tenantId = newTenant();
  const scope = fixture.store.forTenant(tenantId);
  await scope.transaction((tx) => counts.insert(tx, tenantId));
  const before = fixture.store.stats();
  const addOne = (tx: Tx) => tx('wallet_counts').where({ tenant_id: tenantId }).increment('wallets', 1);
  await Promise.all(
    Array.from({ length: 20 }, () => scope.transaction(addOne, { isolation: 'read committed' })),
  );
  expect(await countOf(scope, tenantId)).toBe(20);
  expect(fixture.store.stats().retries).toBe(before.retries);
});

test('a write skew that only COMMIT finds is retried', async () => {
  const [left, right] = [newTenant(), newTenant()];
  const scope = fixture.store.system('health');
  const before = fixture.store.stats().retries;
  const bothRead = barrier(2);
  const work = (mine: TenantId, other: TenantId) => async (tx: Tx) => {
    const seen = await counts.read(tx, other);
    await bothRead();
    if (seen === undefined) await counts.insert(tx, mine);
  };
  await Promise.all([scope.transaction(work(left, right)), scope.transaction(work(right, left))]);
  const made = [await countOf(scope, left), await countOf(scope, right)].filter(
    (count) => count !== undefined,
  );
  expect(made).toHaveLength(1);
  expect(fixture.store.stats().retries).toBeGreaterThan(before);
});

test('a deadlock is retried', async () => {
  const [first, second] = [newTenant(), newTenant()];
  const scope = fixture.store.system('health');
  await scope.transaction(
    async (tx) => void (await counts.insert(tx, first), await counts.insert(tx, second)),
  );
  const bothHold = barrier(2);
  const work = (one: TenantId, other: TenantId) => async (tx: Tx) => {
    await counts.write(tx, one, 1);
    await bothHold();
    await counts.write(tx, other, 1);
    return one;
  };
  const before = fixture.store.stats().retries;
  const done = await Promise.all([
    scope.transaction(work(first, second), { isolation: 'read committed' }),
    scope.transaction(work(second, first), { isolation: 'read committed' }),
  ]);
  expect(done).toEqual([first, second]);
  // Once is enough, unless the one that gave way is back before the other was woken: then they meet again.
  expect(fixture.store.stats().retries).toBeGreaterThan(before);
});

test('after twenty-one tries it says that somebody else was always first', async () => {
  let tries = 0;
  const always = fixture.store.system('health').transaction(async (tx) => {
    tries += 1;
    await tx.raw(`DO $$ BEGIN RAISE EXCEPTION 'again' USING ERRCODE = '40001'; END $$`);
  });
  expect(await codeOf(always)).toBe('version_conflict');
  expect(tries).toBe(21);
});

/** Lets the first `size` callers go on together, and later ones at once. */
function barrier(size: number): () => Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let arrived = 0;
  return async () => {
    arrived += 1;
    if (arrived === size) resolve();
    await promise;
  };
}
