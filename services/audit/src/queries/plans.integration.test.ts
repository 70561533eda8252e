import { createStore, type Store, type Tx } from '@ironforge/store';
import { createCollectingLogger, createTestDatabase, type TestDatabase } from '@ironforge/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newTenant } from '../audit.fixture.ts';
import { termsFor } from '../search/terms-for.ts';
import { findCheckpointAt } from './audit-checkpoints.ts';
import { findSizeByTx } from './audit-copies.ts';
import { readyEntries } from './ready-entries.ts';
import { firstDue, oldestIn } from './due-entries.ts';
import { findHistory, findNewestDetails } from './entry-history.ts';
import { findEntries, findNumbers } from './entry-search.ts';
import { entriesWithoutTerms } from './entry-terms.ts';

const tenantId = newTenant();
let database: TestDatabase;
let store: Store;

/** A log with other tenants in it, large enough that reading all of it would be the wrong plan. */
beforeAll(async () => {
  database = await createTestDatabase();
  store = createStore({ url: database.url, log: createCollectingLogger(), pool: { min: 0, max: 2 } });
  await database.query(
    `INSERT INTO audit_entries (id, tenant_id, sequence, event_id, aggregate, aggregate_version, type, resource_type,
       resource_id, action, status, actor_type, actor_id, tx_hash, occurred_at, details, canonical, search_terms)
     SELECT gen_random_uuid(), CASE WHEN n % 10 = 0 THEN $1::UUID ELSE gen_random_uuid() END, n, gen_random_uuid(),
       'wallet:' || n, 1, 'type_' || n % 40, 'wallet', 'wallet-' || n % 500, 'update', 'success', 'user',
       'actor-' || n % 300, 'hash-' || n, now() + n * interval '1 second', '{}', '{}',
       ARRAY['common', 'word' || n, 'half' || n % 2, $1::TEXT]
     FROM generate_series(1, 20000) n`,
    [tenantId],
  );
  await database.query(
    `INSERT INTO audit_checkpoints (tenant_id, size, note, sealed_at)
     SELECT $1, n, 'note', now() + n * interval '1 second' FROM generate_series(1, 5000) n`,
    [tenantId],
  );
  await database.query(
    `INSERT INTO audit_copies (tenant_id, database, size, tx_id, tx_hash)
     SELECT $1, 'ironforge', n, 2 * n, repeat('0', 64) FROM generate_series(1, 5000) n`,
    [tenantId],
  );
  for (const table of ['audit_entries', 'audit_checkpoints', 'audit_copies'])
    await database.query(`VACUUM ANALYZE ${table}`);
});

afterAll(async () => {
  await store[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

const all = { after: 0n, upTo: 1_000_000n };

it.each([
  ['no filter', {}],
  ['a type', { type: 'type_10' }],
  ['a resource', { resourceType: 'wallet', resourceId: 'wallet-10' }],
  ['an actor', { actorId: 'actor-10' }],
  ['an actor and his kind', { actorType: 'user', actorId: 'actor-10' }],
  ['a transaction', { txHash: 'hash-10' }],
  ['a time', { from: '2030-01-01T00:00:00Z', to: '2030-01-02T00:00:00Z' }],
])('a search by %s reads an index and no whole table', async (_what, filter) => {
  expect(termsFor({}, filter)).toEqual([]);
  const plan = await planOf((tx) => findEntries(tx, tenantId, { filter, terms: [], span: all, limit: 51 }));
  expect(plan).toContain('Index');
  expect(plan).not.toContain('Seq Scan');
});

it.each([
  ['a word', { q: 'word10' }, {}],
  ['an address', { address: 'eip155:1:word20' }, {}],
  ['an action', {}, { action: 'word30' }],
  ['a status', {}, { status: 'word40' }],
  ['a kind of actor', {}, { actorType: 'word50' }],
  ['a chain', {}, { chainId: 'eip155:word60' }],
  ['a request', {}, { requestId: 'word70' }],
  ['a kind of resource', {}, { resourceType: 'word80' }],
  ['a type of an actor', {}, { type: 'word90', actorId: 'word100' }],
])('a search by %s that has few hits reads the index of words', async (_what, words, filter) => {
  const search = { filter: {}, terms: termsFor(words, filter), span: all, limit: 51 };
  const plan = await planIn(store.system('audit_search'), (tx) => findNumbers(tx, tenantId, search));
  expect(plan).toContain('audit_entries_by_terms');
  expect(plan).not.toContain('Seq Scan');
});

it('a search by words that are common, each, reads the index of words all the same', async () => {
  const search = { filter: {}, terms: ['common', 'half0', 'half1'], span: all, limit: 51 };
  const plan = await planIn(store.system('audit_search'), (tx) => findNumbers(tx, tenantId, search));
  expect(plan).toContain('audit_entries_by_terms');
  expect(plan).not.toContain('Seq Scan');
});

it('a search by a word that has many hits reads the next entries by number', async () => {
  const span = { after: 1_000n, upTo: 3_000n };
  const search = { filter: {}, terms: ['common'], span, limit: 51 };
  const plan = await planOf((tx) => findEntries(tx, tenantId, search));
  expect(plan).toContain('audit_entries_sequence');
  expect(plan).not.toContain('Seq Scan');
});

it.each<[string, (tx: Tx) => Promise<unknown>, string]>([
  ['the history of a wallet', (tx) => findHistory(tx, tenantId, ofWallet), 'audit_entries_of_resource'],
  ['what an actor did', (tx) => findHistory(tx, tenantId, ofWallet), 'audit_entries_by_actor'],
  [
    'the newest state of a wallet',
    (tx) => findNewestDetails(tx, tenantId, { ...ofWallet, upTo: 15_000n }),
    'audit_entries_of_resource',
  ],
  [
    'what was sealed by a time',
    (tx) => findCheckpointAt(tx, tenantId, new Date()),
    'audit_checkpoints_by_time',
  ],
  [
    'what was in immudb by a transaction',
    (tx) => findSizeByTx(tx, tenantId, { database: 'ironforge', txId: 500n }),
    'audit_copies_by_tx',
  ],
])('%s is found by its index', async (_what, query, index) => {
  const plan = await planOf(query);
  expect(plan).toContain(index);
  expect(plan).not.toContain('Seq Scan');
});

const ofWallet = { kind: 'wallet', id: 'wallet-10', actorIds: ['actor-10'], span: all, limit: 51 };

it('entries without words are found by their index', async () => {
  const plan = await planOf((tx) => entriesWithoutTerms(tx, 500));
  expect(plan).toContain('audit_entries_without_terms');
});

it('what can be numbered is found by the index of what waits', async () => {
  const plan = await planOf((tx) => readyEntries(tx, tenantId, 500));
  expect(plan).toContain('audit_entries_waiting');
  expect(plan).not.toContain('Seq Scan on audit_entries');
  // Once: a new log is thought to be small, and a second look at it would be a loop over all of it for each entry.
  expect(plan.match(/audit_entries e|on audit_entries\b/g)).toHaveLength(1);
});

it('what is due is found by the index of ages, and taken by an index too', async () => {
  const span = { types: ['type_10', 'type_20'], start: new Date(0), end: new Date() };
  const oldest = await planOf((tx) => oldestIn(tx, tenantId, span));
  expect(oldest).toContain('audit_entries_by_age');
  const first = await planOf((tx) => firstDue(tx, tenantId, { span, upTo: 20_000n, limit: 50 }));
  for (const plan of [oldest, first]) expect(plan).not.toContain('Seq Scan');
});

/** The plan of the statement that a query sends in the role of a tenant. */
async function planOf(query: (tx: Tx) => Promise<unknown>): Promise<string> {
  return await planIn(store.forTenant(tenantId), query);
}

async function planIn(
  scope: ReturnType<Store['forTenant']>,
  query: (tx: Tx) => Promise<unknown>,
): Promise<string> {
  return await scope.transaction(async (tx) => {
    const sent = Promise.withResolvers<{ sql: string; bindings: readonly unknown[] }>();
    tx.on('query', sent.resolve);
    await query(tx);
    const { sql, bindings } = await sent.promise;
    const plan = await tx.raw<{ rows: { 'QUERY PLAN': string }[] }>(`EXPLAIN ${sql.replace(/\$\d+/g, '?')}`, [
      ...bindings,
    ] as string[]);
    return plan.rows.map((line) => line['QUERY PLAN']).join('\n');
  });
}
