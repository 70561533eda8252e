import { createStore, type Store } from '@ironforge/store';
import { createCollectingLogger, createTestDatabase, type TestDatabase } from '@ironforge/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newTenant } from '../audit.fixture.ts';
import { sealedBy } from './as-of.ts';

const tenantId = newTenant();
const other = newTenant();
let database: TestDatabase;
let store: Store;

/** Checkpoints of 10, 20 and 30 entries at whole seconds and a bit; the last is not in immudb yet, and the other tenant's are between. */
beforeAll(async () => {
  database = await createTestDatabase();
  store = createStore({ url: database.url, log: createCollectingLogger(), pool: { min: 0, max: 2 } });
  for (const [index, size] of [10, 20, 30].entries()) {
    await database.query(
      `INSERT INTO audit_checkpoints (tenant_id, size, note, sealed_at)
       VALUES ($1, $3, 'n', '2026-01-01T00:00:00.000456Z'::TIMESTAMPTZ + $4 * INTERVAL '1 second'),
         ($2, $3 + 5, 'n', '2026-01-01T00:00:00.5Z'::TIMESTAMPTZ + $4 * INTERVAL '1 second')`,
      [tenantId, other, size, index],
    );
  }
  await database.query(
    `INSERT INTO audit_copies (tenant_id, database, size, tx_id, tx_hash)
     SELECT t::UUID, d, s, x, repeat('0', 64) FROM (VALUES
       ($1, 'here', 10, 100), ($1, 'here', 15, 102), ($1, 'here', 20, 103), ($1, 'elsewhere', 30, 101), ($2, 'here', 25, 102)
     ) AS v (t, d, s, x)`,
    [tenantId, other],
  );
});

afterAll(async () => {
  await store[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

describe('what the log had sealed', () => {
  it.each([
    ['before the first', '2025-12-31T23:59:59.999Z', 0, null],
    ['at the millisecond that the API shows', '2026-01-01T00:00:00.000Z', 10, '2026-01-01T00:00:00.000Z'],
    ['between two', '2026-01-01T00:00:01.999Z', 20, '2026-01-01T00:00:01.000Z'],
    ['after the last', '2030-01-01T00:00:00Z', 30, '2026-01-01T00:00:02.000Z'],
    ['with a number within a batch', '12', 12, '2026-01-01T00:00:01.000Z'],
    ['with the last number of a batch', '20', 20, '2026-01-01T00:00:01.000Z'],
    ['with a number that is not there yet', '31', 30, '2026-01-01T00:00:02.000Z'],
    ['with number 0', '0', 0, null],
    ['before anything was in immudb', 'immudb:99', 0, null],
    ['by a transaction', 'immudb:100', 10, '2026-01-01T00:00:00.000Z'],
    ['by a transaction of somebody else', 'immudb:101', 10, '2026-01-01T00:00:00.000Z'],
    ['by a transaction with a part of a batch', 'immudb:102', 15, '2026-01-01T00:00:01.000Z'],
    ['by a transaction to come', 'immudb:999', 20, '2026-01-01T00:00:01.000Z'],
  ])('%s', async (_when, asOf, sequence, sealedAt) => {
    const sealed = await store
      .forTenant(tenantId)
      .transaction((tx) => sealedBy(tx, tenantId, { asOf, database: 'here' }));
    expect([Number(sealed.sequence), sealed.sealedAt?.toISOString() ?? null]).toEqual([sequence, sealedAt]);
  });

  it('is nothing in a log without entries', async () => {
    const nobody = newTenant();
    const sealed = await store
      .forTenant(nobody)
      .transaction((tx) => sealedBy(tx, nobody, { asOf: '7', database: null }));
    expect(sealed).toEqual({ sequence: 0n, sealedAt: null });
  });
});
