import { createStore, type Store } from '@ironforge/store';
import { createCollectingLogger, createTestDatabase, type TestDatabase } from '@ironforge/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newTenant } from '../audit.fixture.ts';
import { findEntries, readyEntries } from './audit-entries.ts';
import { firstDue, oldestIn } from './due-entries.ts';

const tenantId = newTenant();
let database: TestDatabase;
let store: Store;

/** A log with other tenants in it, large enough that reading all of it would be the wrong plan. */
beforeAll(async () => {
  database = await createTestDatabase();
  store = createStore({ url: database.url, log: createCollectingLogger(), pool: { min: 0, max: 2 } });
  await database.query(
    `INSERT INTO audit_entries (id, tenant_id, sequence, event_id, aggregate, aggregate_version, type, resource_type,
       resource_id, action, status, actor_type, actor_id, tx_hash, occurred_at, details, canonical)
     SELECT gen_random_uuid(), CASE WHEN n % 10 = 0 THEN $1::UUID ELSE gen_random_uuid() END, n, gen_random_uuid(),
       'wallet:' || n, 1, 'type_' || n % 40, 'wallet', 'wallet-' || n % 500, 'update', 'success', 'user',
       'actor-' || n % 300, 'hash-' || n, now() + n * interval '1 second', '{}', '{}'
     FROM generate_series(1, 20000) n`,
    [tenantId],
  );
  await database.query('ANALYZE audit_entries');
});

afterAll(async () => {
  await store[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

it.each([
  ['no filter', {}],
  ['a type', { type: 'type_10' }],
  ['a resource', { resourceType: 'wallet', resourceId: 'wallet-10' }],
  ['an actor', { actorId: 'actor-10' }],
  ['a transaction', { txHash: 'hash-10' }],
  ['a time', { from: '2030-01-01T00:00:00Z', to: '2030-01-02T00:00:00Z' }],
])('a search by %s reads an index and no whole table', async (_what, filter) => {
  const plan = await planOf((tx) => findEntries(tx, tenantId, { filter, after: 0n, limit: 51 }));
  expect(plan).toContain('Index');
  expect(plan).not.toContain('Seq Scan');
});

it('what can be numbered is found by the index of what waits', async () => {
  const plan = await planOf((tx) => readyEntries(tx, tenantId, 500));
  expect(plan).toContain('audit_entries_waiting');
  expect(plan).not.toContain('Seq Scan on audit_entries');
});

it('what is due is found by the index of ages, and taken by an index too', async () => {
  const span = { types: ['type_10', 'type_20'], start: new Date(0), end: new Date() };
  const oldest = await planOf((tx) => oldestIn(tx, tenantId, span));
  expect(oldest).toContain('audit_entries_by_age');
  const first = await planOf((tx) => firstDue(tx, tenantId, { span, upTo: 20_000n, limit: 50 }));
  for (const plan of [oldest, first]) expect(plan).not.toContain('Seq Scan');
});

/** The plan of the statement that a query sends. */
async function planOf(query: (tx: Parameters<typeof findEntries>[0]) => Promise<unknown>): Promise<string> {
  return store.forTenant(tenantId).transaction(async (tx) => {
    const sent = Promise.withResolvers<{ sql: string; bindings: readonly unknown[] }>();
    tx.on('query', sent.resolve);
    await query(tx);
    const { sql, bindings } = await sent.promise;
    const plan: unknown = await tx.raw(`EXPLAIN ${sql.replace(/\$\d+/g, '?')}`, [...bindings] as string[]);
    return JSON.stringify(plan);
  });
}
