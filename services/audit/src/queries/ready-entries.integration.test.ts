import { randomUUID } from 'node:crypto';
import type { TenantId } from '@ironforge/kernel';
import { createStore, type Store, type Tx } from '@ironforge/store';
import { createCollectingLogger, createTestDatabase, type TestDatabase } from '@ironforge/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newTenant } from '../audit.fixture.ts';
import { entryWith } from '../entry/entry.fixture.ts';
import { insertEntries } from './audit-entries.ts';
import { readyEntries } from './ready-entries.ts';

const LIMIT = 2;
/** More than are looked at first, and at the second time. */
const HELD = 40;

let database: TestDatabase;
let store: Store;

beforeAll(async () => {
  database = await createTestDatabase();
  store = createStore({ url: database.url, log: createCollectingLogger() });
});
afterAll(async () => {
  await store[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

it('finds what is ready behind any number of older entries that wait for a version', async () => {
  const tenantId = newTenant();
  await insert(
    tenantId,
    Array.from({ length: HELD }, () => ({ aggregate: randomUUID(), aggregateVersion: 2 })),
  );
  const free = randomUUID();
  await insert(
    tenantId,
    [2, 1].map((aggregateVersion) => ({ aggregate: free, aggregateVersion })),
  );
  const ready = await readyOf(tenantId);
  expect(ready.map((row) => [row.aggregate, row.aggregate_version])).toEqual([
    [free, 1],
    [free, 2],
  ]);
});

it('finds nothing where all wait, and where nothing is', async () => {
  const [waiting, empty] = [newTenant(), newTenant()];
  await insert(
    waiting,
    Array.from({ length: HELD }, () => ({ aggregate: randomUUID(), aggregateVersion: 2 })),
  );
  for (const tenantId of [waiting, empty]) expect(await readyOf(tenantId)).toEqual([]);
});

async function readyOf(tenantId: TenantId) {
  const work = (tx: Tx) => readyEntries(tx, tenantId, LIMIT);
  return await store.forTenant(tenantId).transaction(work, { isolation: 'read committed' });
}

type Versions = readonly { readonly aggregate: string; readonly aggregateVersion: number }[];

async function insert(tenantId: TenantId, versions: Versions): Promise<void> {
  const entries = versions.map((one) => entryWith(tenantId, { ...one, occurredAt: new Date() }));
  await store
    .forTenant(tenantId)
    .transaction(async (tx) => await insertEntries(tx, entries), { isolation: 'read committed' });
}
