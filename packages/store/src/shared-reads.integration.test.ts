import { AppError } from '@ironforge/kernel';
import { waitUntil } from '@ironforge/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  codeOf,
  counts,
  createStoreFixture,
  newTenant,
  type Rows,
  type StoreFixture,
} from './store.fixture.ts';
import type { Tx } from './transaction.ts';

let fixture: StoreFixture;
beforeAll(async () => {
  fixture = await createStoreFixture();
});
afterAll(() => fixture[Symbol.asyncDispose]());

const whoAmI = async (tx: Tx) =>
  (await tx.raw<Rows>("SELECT current_setting('ironforge.tenant', true) AS tenant")).rows[0]?.['tenant'];

test('reads that come together share transactions, and each gets its own answer', async () => {
  const store = fixture.open();
  const tenantId = newTenant();
  const scope = store.forTenant(tenantId);
  const numbers = Array.from({ length: 18 }, (_, index) => index);
  const read = (number: number) => scope.read((tx) => tx.raw<Rows>('SELECT ?::INT4 AS number', [number]));
  const answers = await Promise.all(numbers.map(read));
  expect(answers.map(({ rows }) => rows[0]?.['number'])).toEqual(numbers);
  // The first begins at once, alone; sixteen of those that came meanwhile go together, and the last alone.
  await waitUntil('three transactions', () => store.stats().reads === 3);
  await read(18);
  await waitUntil('one more', () => store.stats().reads === 4);
  expect(store.stats().commits).toBe(0);
});

test('nobody shares with another tenant', async () => {
  const tenants = [newTenant(), newTenant(), newTenant()];
  const reads = [...tenants, ...tenants].map((tenantId) => fixture.store.forTenant(tenantId).read(whoAmI));
  expect(await Promise.all(reads)).toEqual([...tenants, ...tenants]);
});

test('what one read refuses, or the database refuses it, is its own affair', async () => {
  const tenantId = newTenant();
  const scope = fixture.store.forTenant(tenantId);
  await scope.transaction((tx) => counts.insert(tx, tenantId));
  const good = () => scope.read((tx) => counts.read(tx, tenantId));
  const outcomes = await Promise.all([
    ...[good(), good(), good()],
    codeOf(scope.read(() => Promise.reject(new AppError('not_found')))),
    codeOf(scope.read((tx) => tx.raw('SELECT 1 / 0'))),
    good(),
  ]);
  expect(outcomes).toEqual([0, 0, 0, 'not_found', '22012', 0]);
});

test('a read sees what was stored before it began', async () => {
  const tenantId = newTenant();
  const scope = fixture.store.forTenant(tenantId);
  await scope.transaction((tx) => counts.insert(tx, tenantId));
  const busy = Array.from({ length: 4 }, () => scope.read((tx) => tx.raw('SELECT pg_sleep(0.02)')));
  await scope.transaction((tx) => counts.write(tx, tenantId, 7));
  expect(await scope.read((tx) => counts.read(tx, tenantId))).toBe(7);
  await Promise.all(busy);
});

test('all that one read asks is as of one moment, whatever is stored in between', async () => {
  const tenantId = newTenant();
  const scope = fixture.store.forTenant(tenantId);
  await scope.transaction((tx) => counts.insert(tx, tenantId));
  const asked = scope.read((tx) => {
    const sleep = async () => void (await tx.raw(SLEEP));
    return Promise.all([counts.read(tx, tenantId), sleep(), counts.read(tx, tenantId)]);
  });
  await waitUntil('the read to be in the middle', async () => {
    const sql = `SELECT 1 FROM pg_stat_activity WHERE query = '${SLEEP}' AND state = 'active'`;
    return (await fixture.database.query(sql)).length > 0;
  });
  await scope.transaction((tx) => counts.write(tx, tenantId, 7));
  const [before, , after] = await asked;
  expect([before, after]).toEqual([0, 0]);
  expect(await scope.read((tx) => counts.read(tx, tenantId))).toBe(7);
});

/** Long enough for a slow machine to look once meanwhile: a read sends all at once, so nothing of the test's can stand in the middle. */
const SLEEP = 'SELECT pg_sleep(4)';
