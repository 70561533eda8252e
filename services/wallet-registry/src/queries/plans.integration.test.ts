import { createStore, type Store, type Tx } from '@ironforge/store';
import { createCollectingLogger, createTestDatabase, type TestDatabase } from '@ironforge/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { somebody } from '../registry.fixture.ts';
import { listAssets } from './assets.ts';
import { sumHolds } from './balance-holds.ts';
import { listWallets } from './wallets.ts';

const { tenantId, userId } = somebody();
let database: TestDatabase;
let store: Store;

/** Tables with other tenants in them, large enough that reading all of one would be the wrong plan. */
beforeAll(async () => {
  database = await createTestDatabase();
  store = createStore({ url: database.url, log: createCollectingLogger(), pool: { min: 0, max: 2 } });
  const owner = 'CASE WHEN n % 20 = 0 THEN $1::UUID ELSE gen_random_uuid() END';
  const from = 'FROM generate_series(1, 20000) AS n';
  await database.query(
    `INSERT INTO wallets (id, tenant_id, user_id, chain, chain_id, address, name, type, status, is_watch_only,
       is_default, tags, metadata, version, created_at)
     SELECT gen_random_uuid(), ${owner}, CASE WHEN n % 400 = 0 THEN $2::UUID ELSE gen_random_uuid() END, 'evm',
       'eip155:1', 'a' || n, 'w', 'hot', 'active', false, false, '{}', '{}', 1, now() + n * interval '1 second' ${from}`,
    [tenantId, userId],
  );
  await database.query(
    `INSERT INTO assets (tenant_id, asset_id, chain_id, symbol, name, decimals, version, created_at)
     SELECT ${owner}, 'a' || n, 'eip155:1', 's', 'n', 6, 1, now() + n * interval '1 second' ${from}`,
    [tenantId],
  );
  await database.query(
    `INSERT INTO balance_holds (tenant_id, tx_request_id, wallet_id, asset_id, amount, fee_asset_id, fee_ceiling,
       is_open, version)
     SELECT ${owner}, gen_random_uuid(), $2::UUID, 'a', 1, 'c', 1, n % 3 = 0, 1 ${from}`,
    [tenantId, userId],
  );
  for (const table of ['wallets', 'assets', 'balance_holds']) await database.query(`ANALYZE ${table}`);
});

afterAll(async () => {
  await store[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

const after = { createdAt: new Date(), id: tenantId };
const all = { userIds: [], after: null, count: 51 };

test.each([
  ['wallets', 'wallets_newest', (tx: Tx) => listWallets(tx, tenantId, all)],
  ['the next page of wallets', 'wallets_newest', (tx: Tx) => listWallets(tx, tenantId, { ...all, after })],
  ['wallets by type', 'wallets_newest', (tx: Tx) => listWallets(tx, tenantId, { ...all, type: 'hot' })],
  [
    'wallets of a user',
    'wallets_by_user',
    (tx: Tx) => listWallets(tx, tenantId, { ...all, userIds: [userId] }),
  ],
  ['assets', 'assets_newest', (tx: Tx) => listAssets(tx, tenantId, { after: null, count: 51 })],
  ['open holds of a wallet', 'balance_holds_open', (tx: Tx) => sumHolds(tx, tenantId, userId)],
])('%s are found by %s, and no whole table is read', async (_what, index, query) => {
  const plan = await planOf(query);
  expect(plan).toContain(index);
  expect(plan).not.toContain('Seq Scan');
});

/** The plan of the statement that a query sends. */
async function planOf(query: (tx: Tx) => Promise<unknown>): Promise<string> {
  return store.forTenant(tenantId).transaction(async (tx) => {
    const sent = Promise.withResolvers<{ sql: string; bindings: string[] }>();
    tx.on('query', sent.resolve);
    await query(tx);
    const { sql, bindings } = await sent.promise;
    const { rows } = await tx.raw<{ rows: unknown }>(`EXPLAIN ${sql.replace(/\$\d+/g, '?')}`, bindings);
    return JSON.stringify(rows);
  });
}
