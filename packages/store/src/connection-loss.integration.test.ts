import type { TenantId } from '@ironforge/kernel';
import { createFaultProxy, type FaultProxy, waitUntil } from '@ironforge/testing';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { openPool } from './pool.ts';
import type { Store } from './store.ts';
import {
  codeOf,
  countOf,
  counts,
  createStoreFixture,
  newTenant,
  type Rows,
  type StoreFixture,
} from './store.fixture.ts';
import { type Tx, tryTransaction } from './transaction.ts';

let fixture: StoreFixture;
beforeAll(async () => {
  fixture = await createStoreFixture();
});
afterAll(() => fixture[Symbol.asyncDispose]());

let proxy: FaultProxy;
let store: Store;
beforeEach(async () => {
  proxy = await createFaultProxy(fixture.database.url);
  store = fixture.open({ url: proxy.urlFor(fixture.database.url) });
});
afterEach(() => proxy[Symbol.asyncDispose]());

const holds = (text: string) => (chunk: Buffer) => chunk.includes(text);

async function countTries(tenantId: TenantId, work: (tx: Tx) => Promise<unknown>) {
  let tries = 0;
  const code = await codeOf(
    store.forTenant(tenantId).transaction(async (tx) => {
      tries += 1;
      tx.afterCommit(() => void (tries += 100));
      await work(tx);
    }),
  );
  return { tries, code };
}

test('before COMMIT reached the server: the outcome is unknown, nothing is repeated, nothing is there', async () => {
  const tenantId = newTenant();
  proxy.onRequest((chunk) => (holds('COMMIT')(chunk) ? 'reset' : 'pass'));
  expect(await countTries(tenantId, (tx) => counts.insert(tx, tenantId))).toEqual({
    tries: 1,
    code: 'outcome_unknown',
  });
  expect(await countOf(fixture.store.forTenant(tenantId), tenantId)).toBeUndefined();
  expect(store.stats().unknownOutcomes).toBe(1);
});

test('after COMMIT reached the server: the same answer, and the row is there', async () => {
  const tenantId = newTenant();
  let committing = false;
  proxy.onRequest((chunk) => {
    committing = holds('COMMIT')(chunk);
    return 'pass';
  });
  proxy.onAnswer(() => (committing ? 'reset' : 'pass'));
  expect(await countTries(tenantId, (tx) => counts.insert(tx, tenantId))).toEqual({
    tries: 1,
    code: 'outcome_unknown',
  });
  expect(await countOf(fixture.store.forTenant(tenantId), tenantId)).toBe(0);
});

test('a backend that is terminated at COMMIT leaves the outcome unknown', async () => {
  const tenantId = newTenant();
  let backend: unknown;
  proxy.onRequest((chunk) => {
    if (!holds('COMMIT')(chunk)) return 'pass';
    void fixture.database.query('SELECT pg_terminate_backend($1)', [backend]);
    return 'drop';
  });
  const outcome = await countTries(tenantId, async (tx) => {
    backend = (await tx.raw<Rows>('SELECT pg_backend_pid() AS pid')).rows[0]?.['pid'];
    await counts.insert(tx, tenantId);
  });
  expect(outcome).toEqual({ tries: 1, code: 'outcome_unknown' });
});

test('before COMMIT was said: nothing is stored, and the database counts as down', async () => {
  const tenantId = newTenant();
  const outcome = await countTries(tenantId, async (tx) => {
    await counts.insert(tx, tenantId);
    proxy.reset();
    await counts.read(tx, tenantId);
  });
  expect(outcome).toEqual({ tries: 1, code: 'dependency_down' });
  expect(await countOf(fixture.store.forTenant(tenantId), tenantId)).toBeUndefined();
});

test('a connection that ends in order behind a statement counts as lost as well', async () => {
  const tenantId = newTenant();
  proxy.onRequest((chunk) => (holds('wallet_counts')(chunk) ? 'end' : 'pass'));
  expect((await countTries(tenantId, (tx) => counts.read(tx, tenantId))).code).toBe('dependency_down');
});

test('a database that refuses connections counts as down, and is used again when it is back', async () => {
  const tenantId = newTenant();
  proxy.refuse();
  expect((await countTries(tenantId, (tx) => counts.insert(tx, tenantId))).code).toBe('dependency_down');
  proxy.heal();
  expect((await countTries(tenantId, (tx) => counts.insert(tx, tenantId))).code).toBe('no error');
});

test('a database that falls silent with its connections open counts as down, and is used again when it speaks', async () => {
  const silent = fixture.open({ url: proxy.urlFor(fixture.database.url), answerWithinMs: 500 });
  const scope = silent.forTenant(newTenant());
  const ask = async (tx: Tx) => (await tx.raw<Rows>('SELECT 1 AS one')).rows;
  expect(await scope.transaction(ask)).toEqual([{ one: 1 }]);
  proxy.cut();
  expect(await codeOf(scope.transaction(ask))).toBe('dependency_down');
  expect(await codeOf(scope.read(ask))).toBe('dependency_down');
  proxy.heal();
  expect(await scope.transaction(ask)).toEqual([{ one: 1 }]);
});

test('a database that falls silent at COMMIT leaves the outcome unknown', async () => {
  const tenantId = newTenant();
  const silent = fixture.open({ url: proxy.urlFor(fixture.database.url), answerWithinMs: 500 });
  proxy.onRequest((chunk) => (holds('COMMIT')(chunk) ? 'drop' : 'pass'));
  const said = silent.forTenant(tenantId).transaction((tx) => counts.insert(tx, tenantId));
  expect(await codeOf(said)).toBe('outcome_unknown');
});

test('dead connections in the pool are replaced', async () => {
  const tenantId = newTenant();
  const scope = store.forTenant(tenantId);
  await scope.transaction((tx) => counts.insert(tx, tenantId));
  await fixture.database.query(
    'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND usename = $2',
    [fixture.database.name, 'ironforge_service'],
  );
  await waitUntil('the row', async () => (await countOf(scope, tenantId)) === 0);
});

test('a transaction that could not be opened leaves no half-open connection behind', async () => {
  const pool = { min: 0, max: 1 };
  const limits = { slowStatementMs: 1_000, answerWithinMs: 32_000 };
  const { db } = openPool({ url: fixture.database.url, pool, log: fixture.log, ...limits });
  const ask = async (tx: Tx) => (await tx.raw<Rows>('SELECT 1 AS one')).rows;
  try {
    expect(await codeOf(tryTransaction(db, 'BEGIN; SELECT 1/0', ask))).toBe('22012');
    expect((await tryTransaction(db, 'BEGIN', ask)).value).toEqual([{ one: 1 }]);
  } finally {
    await db.destroy();
  }
});
