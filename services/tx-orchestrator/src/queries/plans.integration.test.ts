import { randomUUID } from 'node:crypto';
import { branded, type TenantId } from '@ironforge/kernel';
import { createStore, type Store, type Tx } from '@ironforge/store';
import { createCollectingLogger, createTestDatabase, type TestDatabase } from '@ironforge/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findWaitingDespite } from './approvals.ts';
import { findOpenGaps, listHeldBackLanes, listUnminedLanes } from './gap-fills.ts';
import { findGapHolders } from './gap-holders.ts';
import { listLostQuorums, listLostReplacements } from './lost-quorums.ts';
import type { LaneKey } from './nonce-lanes.ts';
import { freeEndedSlots } from './nonce-slots.ts';
import { listHeldBack, listOverdue, listStuck, listUnheard } from './overdue-requests.ts';
import { findNearestLeaseEndMs, listTasks } from './signing-tasks.ts';
import { findHolders, listUnsentLanes } from './tx-attempts.ts';
import { listRequests, listWaiting } from './tx-requests.ts';

const tenantId = branded<TenantId>(randomUUID());
const walletId = randomUUID();
const NIL = '00000000-0000-0000-0000-000000000000';
const CHAIN = 'eip155:1';
const ROWS = 'FROM generate_series(1, 20000) AS n';

let database: TestDatabase;
let store: Store;

/** Tables with other tenants and a long past in them, so that reading all of one would be the wrong plan. */
beforeAll(async () => {
  database = await createTestDatabase();
  store = createStore({ url: database.url, log: createCollectingLogger(), pool: { min: 0, max: 2 } });
  await insertRequests();
  await insertEvents();
  await insertAttempts();
  await insertSlots();
  await insertApprovals();
  for (const table of ['tx_requests', 'tx_events', 'tx_attempts', 'nonce_slots', 'approvals'])
    await database.query(`ANALYZE ${table}`);
});

afterAll(async () => {
  await store[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

const after = { createdAt: new Date(), id: tenantId };
const all = {
  ownerId: null,
  equal: {},
  createdAfter: undefined,
  createdBefore: undefined,
  after: null,
  count: 51,
};
const anyTask = { ownerId: null, walletId: null, addresses: null, except: [] };
const lane = { tenantId, chainId: CHAIN, address: 'a1' };
const silence = { except: [], chainId: CHAIN, belowUnmined: 30, belowMined: 20, finalUpTo: 20, count: 100 };

test.each([
  ['requests', 'tx_requests_newest', (tx: Tx) => listRequests(tx, tenantId, all)],
  ['the next page', 'tx_requests_newest', (tx: Tx) => listRequests(tx, tenantId, { ...all, after })],
  [
    'requests in a status',
    'tx_requests_by_status',
    (tx: Tx) => listRequests(tx, tenantId, { ...all, equal: { status: 'approved' } }),
  ],
  [
    'requests of a wallet',
    'tx_requests_by_wallet',
    (tx: Tx) => listRequests(tx, tenantId, { ...all, equal: { wallet_id: walletId } }),
  ],
  [
    'a request by its hash',
    'tx_requests_by_hash',
    (tx: Tx) => listRequests(tx, tenantId, { ...all, equal: { tx_hash: 'hash-20' } }),
  ],
  [
    'what waits for me',
    'tx_requests_by_status',
    (tx: Tx) => listWaiting(tx, tenantId, { approverId: walletId, after: null, count: 51 }),
  ],
  [
    'what waits although I approved it',
    'tx_requests_by_status',
    (tx: Tx) => findWaitingDespite(tx, tenantId, { approverId: walletId, after: NIL, count: 25 }),
  ],
  ['holders of a nonce', 'tx_attempts_by_nonce', (tx: Tx) => findHolders(tx, lane, [7])],
  [
    'requests to sign',
    'tx_requests_signable',
    (tx: Tx) => listTasks(tx, tenantId, { ...anyTask, after, count: 51 }),
  ],
  [
    'replacements to sign',
    'tx_attempts_signable',
    (tx: Tx) => listTasks(tx, tenantId, { ...anyTask, after: null, count: 51 }),
  ],
  ['leases of requests', 'tx_requests_signable', (tx: Tx) => findNearestLeaseEndMs(tx, tenantId, anyTask)],
  [
    'leases of replacements',
    'tx_attempts_signable',
    (tx: Tx) => findNearestLeaseEndMs(tx, tenantId, anyTask),
  ],
])('%s are found by %s, and no growing table is read whole', async (_what, index, query) => {
  expectIndex(await planOf(store.forTenant(tenantId), query), index);
});

test.each([
  ['what is overdue', 'tx_requests_timed', (tx: Tx) => listOverdue(tx, { except: [], count: 100 })],
  [
    'what is held back',
    'tx_requests_held_back',
    (tx: Tx) => listHeldBack(tx, { chainId: CHAIN, except: [], count: 100 }),
  ],
  [
    'what is held back after a reorg',
    'tx_requests_unmined',
    (tx: Tx) => listHeldBack(tx, { chainId: CHAIN, except: [], count: 100 }),
  ],
  [
    'what lost its quorum',
    'tx_requests_pending',
    (tx: Tx) => listLostQuorums(tx, { after: undefined, except: [], count: 100 }),
  ],
  [
    'replacements that lost theirs',
    'tx_attempts_undecided',
    (tx: Tx) => listLostReplacements(tx, { after: undefined, except: [], count: 100 }),
  ],
  ['what nobody spoke of', 'tx_requests_unsettled', (tx: Tx) => listUnheard(tx, silence)],
  [
    'what no node has',
    'tx_attempts_unsent',
    (tx: Tx) => listUnsentLanes(tx, { sentMs: 1, heldBackMs: 1, except: [], count: 100 }),
  ],
  [
    'what a gap may hold back',
    'tx_attempts_unsent',
    (tx: Tx) => listHeldBackLanes(tx, { after: null, count: 100, sentMs: 10_000 }),
  ],
  [
    'what no block takes',
    'tx_requests_unmined',
    (tx: Tx) => listUnminedLanes(tx, { after: null, count: 100, chainId: CHAIN, below: 5 }),
  ],
  ['slots to be freed', 'nonce_slots_offered', (tx: Tx) => freeEndedSlots(tx, 100)],
])('each second the sweeper finds %s by %s', async (_what, index, query) => {
  expectIndex(await lastingPlanOf(store.system('request_sweeper'), query), index);
});

test('each second the sweeper finds what is stuck by tx_requests_unmined', async () => {
  const query = (tx: Tx) => listStuck(tx, { chainId: CHAIN, head: 25, blocks: 20, except: [], count: 100 });
  expectIndex(await planOf(store.system('request_sweeper'), query), 'tx_requests_unmined');
});

test('each signature finds the open gaps of its sender by tx_requests_open_gap', async () => {
  const query = (tx: Tx) => findOpenGaps(tx, tenantId, ['a1']);
  expectIndex(await lastingPlanOf(store.forTenant(tenantId), query), 'tx_requests_open_gap');
});

test('each reading finds who a request is queued behind from the request on, and its task by tx_requests_open_gap', async () => {
  const query = (tx: Tx) => findGapHolders(tx, tenantId, [walletId]);
  const plan = await lastingPlanOf(store.forTenant(tenantId), query);
  expectIndex(plan, 'tx_requests_open_gap');
  expect(plan).toMatch(/Index Cond: [^"]*\(id = q\.id\)/);
});

test('every lane that something holds back has its turn, a page after the other', async () => {
  const seen: string[] = [];
  let after: LaneKey | null = null;
  for (let page = 0; page < 3; page += 1) {
    const wish = { after, count: 10, sentMs: 3_600_000 };
    const lanes: readonly LaneKey[] = await store
      .system('request_sweeper')
      .transaction((tx) => listHeldBackLanes(tx, wish));
    seen.push(...lanes.map((one) => one.tenantId));
    after = lanes.at(-1) ?? null;
  }
  expect(new Set(seen).size).toBe(seen.length);
  expect(seen).toHaveLength(25);
});

function expectIndex(plan: string, index: string): void {
  expect(plan).toContain(index);
  expect(plan).not.toMatch(/Seq Scan on (tx_requests|tx_events|tx_attempts|nonce_slots|approvals)/);
}

/** The plan of the statement that a query sends, for the values that it is sent with. */
async function planOf(
  scope: ReturnType<Store['system']>,
  query: (tx: Tx) => Promise<unknown>,
): Promise<string> {
  return await scope.transaction(async (tx) => {
    const { sql, bindings } = await sentBy(tx, query);
    const { rows } = await tx.raw<{ rows: unknown }>(`EXPLAIN ${sql.replace(/\$\d+/g, '?')}`, bindings);
    return JSON.stringify(rows);
  });
}

/** The one plan that a statement which comes again keeps, whatever the values. */
async function lastingPlanOf(
  scope: ReturnType<Store['system']>,
  query: (tx: Tx) => Promise<unknown>,
): Promise<string> {
  return await scope.transaction(async (tx) => {
    const { sql, bindings } = await sentBy(tx, query);
    await tx.raw('SET LOCAL plan_cache_mode = force_generic_plan');
    await tx.raw(`PREPARE planned AS ${sql}`);
    const values = bindings.length === 0 ? '' : `(${bindings.map(() => 'NULL').join(', ')})`;
    const { rows } = await tx.raw<{ rows: unknown }>(`EXPLAIN EXECUTE planned ${values}`);
    await tx.raw('DEALLOCATE planned');
    return JSON.stringify(rows);
  });
}

async function sentBy(tx: Tx, query: (tx: Tx) => Promise<unknown>) {
  const sent = Promise.withResolvers<{ sql: string; bindings: string[] }>();
  tx.on('query', sent.resolve);
  await query(tx);
  return await sent.promise;
}

async function insertRequests(): Promise<void> {
  await database.query(
    `INSERT INTO tx_requests (id, tenant_id, wallet_id, user_id, chain, chain_id, from_address, to_address, asset_id,
       amount, decimals, fee_ceiling, metadata, intent, intent_hash, status, version, state, tx_hash, expires_at,
       sent_at_height, heard_at_height, finalized_at, signable_since, created_at)
     SELECT CAST(lpad(to_hex(n), 32, '0') AS UUID), CASE WHEN n % 20 = 0 THEN $1::UUID ELSE gen_random_uuid() END,
       CASE WHEN n % 400 = 0 THEN $2::UUID ELSE gen_random_uuid() END, $2::UUID, 'evm', $3, 'a1', 'b', 'c', 1, 18, 1,
       '{}', '{}', 'i' || n, CASE WHEN n % 200 = 0 THEN 'approved' WHEN n % 300 = 0 THEN 'pending_approval'
       WHEN n % 500 = 1 THEN 'broadcasted' ELSE 'confirmed' END, 1, '{}', 'hash-' || n, CASE WHEN n % 200 = 0 THEN now() END, n, n,
       CASE WHEN n % 300 = 1 THEN NULL ELSE now() END, CASE WHEN n % 200 = 0 THEN now() END, now() + n * interval '1 second' ${ROWS}`,
    [tenantId, walletId, CHAIN],
  );
}

async function insertEvents(): Promise<void> {
  await database.query(
    `INSERT INTO tx_events (tenant_id, tx_request_id, version, type, data, actor_type, actor_id)
     SELECT r.tenant_id, r.id, step, CASE WHEN step = 1 THEN 'tx_request.created' ELSE 'tx_request.approved' END, '{}', 'user', 'u'
     FROM tx_requests r, generate_series(1, 3) AS step`,
  );
}

async function insertAttempts(): Promise<void> {
  await database.query(
    `INSERT INTO tx_attempts (id, tenant_id, tx_request_id, kind, state, chain_id, address, nonce, lease_id, fence,
       intent_hash, fee_ceiling, unsigned_transaction, gas_limit, max_fee_per_gas, max_priority_fee_per_gas, raw, sent_at, seen_at, signable_since)
     SELECT gen_random_uuid(), CASE WHEN n % 20 = 0 THEN $1::UUID ELSE gen_random_uuid() END,
       CAST(lpad(to_hex(n), 32, '0') AS UUID), 'original', CASE WHEN n % 400 = 1 THEN 'signed' ELSE 'mined' END, $2,
       'a' || n % 9, n, gen_random_uuid(), 1, 'i', 1, '0x', 21000, 1, 1, '0x', CASE WHEN n % 800 = 1 THEN NULL ELSE now() END,
       CASE WHEN n % 400 = 1 THEN NULL ELSE now() END, CASE WHEN n % 300 = 0 THEN now() END ${ROWS}`,
    [tenantId, CHAIN],
  );
}

async function insertSlots(): Promise<void> {
  await database.query(
    `INSERT INTO nonce_lanes (tenant_id, chain_id, address, wallet_id, fence, mined_count)
     VALUES ($1, $2, 'a1', $3, 1, 1)`,
    [tenantId, CHAIN, walletId],
  );
  await database.query(
    `INSERT INTO nonce_slots (tenant_id, chain_id, address, nonce, tx_request_id, state, fence, lease_expires_at)
     SELECT $1, $2, 'a1', n, CAST(lpad(to_hex(n), 32, '0') AS UUID), CASE WHEN n > 19990 THEN 'offered' ELSE 'spent' END,
       1, now() + interval '1 hour' ${ROWS}`,
    [tenantId, CHAIN],
  );
}

async function insertApprovals(): Promise<void> {
  await database.query(
    `INSERT INTO approvals (id, tenant_id, tx_request_id, intent_hash, approver_id, decision)
     SELECT gen_random_uuid(), CASE WHEN n % 20 = 0 THEN $1::UUID ELSE gen_random_uuid() END,
       CAST(lpad(to_hex(n), 32, '0') AS UUID), 'i' || n, CASE WHEN n % 40 = 0 THEN $2::UUID ELSE gen_random_uuid() END,
       'approve' ${ROWS}`,
    [tenantId, walletId],
  );
}
