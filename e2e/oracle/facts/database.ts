import { Client } from 'pg';
import { z } from 'zod';
import { chain, environment } from '../../world/environment.ts';

/** Whose rows are looked at: those of some tenants alone, or all but those of some. */
export interface Tenants {
  readonly only?: readonly string[];
  readonly except?: readonly string[];
}

const whole = z.coerce.number().int();
const units = z.coerce.bigint();
const text = z.string();

const Rows = {
  requests: z.object({
    id: text,
    tenant_id: text,
    wallet_id: text,
    user_id: text,
    submitted_by: text.nullable(),
    from_address: text,
    to_address: text,
    asset_id: text,
    amount: units,
    intent: text,
    intent_hash: text,
    status: text,
    reason: text.nullable(),
    version: whole,
    tx_hash: text.nullable(),
    block_height: whole.nullable(),
    block_hash: text.nullable(),
    bound_nonce: whole.nullable(),
    gap_nonce: whole.nullable(),
  }),
  attempts: z.object({
    id: text,
    tenant_id: text,
    tx_request_id: text,
    kind: text,
    state: text,
    address: text,
    nonce: whole,
    fence: whole.nullable(),
    fee_ceiling: units,
    tx_hash: text.nullable(),
    raw: text.nullable(),
  }),
  slots: z.object({
    tenant_id: text,
    address: text,
    nonce: whole,
    state: text,
    tx_request_id: text.nullable(),
    is_leased: z.boolean(),
  }),
  transitions: z.object({
    tenant_id: text,
    tx_request_id: text,
    version: whole,
    type: text,
    created_at: z.date(),
  }),
  groups: z.object({
    tenant_id: text,
    tx_request_id: text,
    intent_hash: text,
    alternative: whole,
    required: whole,
    approver_ids: z.array(text),
  }),
  approvals: z.object({
    tenant_id: text,
    tx_request_id: text,
    intent_hash: text,
    approver_id: text,
    decision: text,
  }),
  outbox: z.object({
    id: text,
    tenant_id: text,
    exchange: text,
    routing_key: text,
    body: text,
    state: text,
  }),
  inbox: z.object({ consumer: text, message_id: text, tenant_id: text }),
  answers: z.object({ tenant_id: text, route: text, key: text, response: text.nullable() }),
  entries: z.object({
    tenant_id: text,
    event_id: text,
    sequence: whole.nullable(),
    type: text,
    aggregate: text,
    aggregate_version: whole,
    canonical: text.nullable(),
    /** Taken in within the last day: no service forgets sooner what it published. */
    is_recent: z.boolean(),
  }),
  pruned: z.object({ tenant_id: text, event_id: text, sequence: whole, leaf_hash: text }),
  heads: z.object({ tenant_id: text, size: whole, note: text }),
  copies: z.object({ tenant_id: text, database: text, size: whole, tx_id: whole }),
  observed: z.object({
    what: text,
    tenant_id: text,
    id: text,
    block_height: whole,
    block_hash: text,
    depth: text,
  }),
  wallets: z.object({ id: text, tenant_id: text, address: text }),
  balances: z.object({ tenant_id: text, wallet_id: text, asset_id: text, address: text, amount: units }),
  users: z.object({ id: text, tenant_id: text }),
  cursors: z.object({ chain_id: text, height: whole, status: text }),
} as const;

/** What the database holds, each table by the columns that some promise speaks about. */
export type Database = { readonly [T in keyof typeof Rows]: readonly z.output<(typeof Rows)[T]>[] };

/** Reads all of it as of one moment, as the owner, whom no wall stops. */
export async function readDatabase(url: string, { only, except }: Tenants): Promise<Database> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const wanted = [only ?? null, except ?? [], chain.chainId];
    const read = async <T extends keyof typeof Rows>(table: T) => {
      const query = QUERIES[table];
      const { rows } = await client.query(query, wanted.slice(0, countParameters(query)));
      return z.array(Rows[table]).parse(rows);
    };
    const found: Record<string, unknown> = {};
    for (const table of TABLES) found[table] = await read(table);
    // oxlint-disable-next-line typescript/consistent-type-assertions -- every table of Rows was read by its own schema just above
    return found as unknown as Database;
  } finally {
    await client.end();
  }
}

/** PostgreSQL takes as many values as the text names, and no more. */
function countParameters(query: string): number {
  return [3, 2, 1].find((number) => query.includes(`$${number}`)) ?? 0;
}

/** How many messages are not published yet, audit entries not numbered, and logs not copied. */
export async function countUnderWay(url: string, { only, except }: Tenants): Promise<number> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query(UNDER_WAY, [
      only ?? null,
      except ?? [],
      environment.immudb?.database,
    ]);
    return z.tuple([z.object({ count: whole })]).parse(rows)[0].count;
  } finally {
    await client.end();
  }
}

const MINE = `($1::UUID[] IS NULL OR tenant_id = ANY ($1)) AND NOT tenant_id = ANY ($2::UUID[])`;

/** Of what is compared with a chain, tenants with wallets on further chains are left out: the chain that is read is the first one. */
const ON_FIRST_CHAIN = `${MINE}
  AND tenant_id NOT IN (SELECT w.tenant_id FROM wallets w WHERE w.chain_id <> $3)`;

const UNDER_WAY = `SELECT (SELECT count(*) FROM outbox WHERE state = 'pending' AND ${MINE})
    + (SELECT count(*) FROM audit_entries WHERE sequence IS NULL AND ${MINE})
    + (SELECT count(*) FROM audit_sequencers s WHERE $3::TEXT IS NOT NULL AND ${MINE} AND sealed_size >
      (SELECT COALESCE(MAX(size), 0) FROM audit_copies c WHERE c.tenant_id = s.tenant_id AND c.database = $3)) AS count`;

const QUERIES: { readonly [T in keyof typeof Rows]: string } = {
  requests: `SELECT id, tenant_id, wallet_id, user_id, submitted_by, from_address, to_address, asset_id, amount, intent,
    intent_hash, status, reason, version, tx_hash, block_height, block_hash, bound_nonce, gap_nonce
    FROM tx_requests WHERE ${ON_FIRST_CHAIN}`,
  attempts: `SELECT id, tenant_id, tx_request_id, kind, state, address, nonce, fence, fee_ceiling, tx_hash, raw
    FROM tx_attempts WHERE ${ON_FIRST_CHAIN}`,
  slots: `SELECT tenant_id, address, nonce, state, tx_request_id, COALESCE(lease_expires_at > now(), false) AS is_leased
    FROM nonce_slots WHERE ${ON_FIRST_CHAIN}`,
  transitions: `SELECT tenant_id, tx_request_id, version, type, created_at FROM tx_events WHERE ${ON_FIRST_CHAIN} ORDER BY tx_request_id, version`,
  groups: `SELECT tenant_id, tx_request_id, intent_hash, alternative, required, approver_ids FROM approver_groups WHERE ${ON_FIRST_CHAIN}`,
  approvals: `SELECT tenant_id, tx_request_id, intent_hash, approver_id, decision FROM approvals WHERE ${ON_FIRST_CHAIN}`,
  outbox: `SELECT id, tenant_id, exchange, routing_key, body, state FROM outbox WHERE ${MINE}`,
  inbox: `SELECT consumer, message_id, tenant_id FROM inbox WHERE ${MINE}`,
  answers: `SELECT tenant_id, route, key, response FROM idempotency_keys WHERE ${ON_FIRST_CHAIN}`,
  entries: `SELECT tenant_id, event_id, sequence, type, aggregate, aggregate_version, canonical,
      created_at > now() - INTERVAL '1 day' AS is_recent
    FROM audit_entries WHERE ${MINE} ORDER BY tenant_id, sequence`,
  pruned: `SELECT p.tenant_id, p.event_id, p.sequence,
      encode(substring(t.hashes FROM CAST((p.sequence - 1) % 256 * 32 + 1 AS INT4) FOR 32), 'hex') AS leaf_hash
    FROM (SELECT * FROM audit_pruned_entries WHERE ${MINE}) p
    JOIN audit_tiles t ON t.tenant_id = p.tenant_id AND t.level = 0 AND t.place = (p.sequence - 1 - (p.sequence - 1) % 256) / 256
    ORDER BY p.tenant_id, p.sequence`,
  heads: `SELECT DISTINCT ON (tenant_id) tenant_id, size, note FROM audit_checkpoints WHERE ${MINE} ORDER BY tenant_id, size DESC`,
  copies: `SELECT tenant_id, database, size, tx_id FROM audit_copies WHERE ${MINE} ORDER BY tenant_id, size`,
  observed: `SELECT 'transfer' AS what, tenant_id, CAST(id AS TEXT) AS id, block_height, block_hash, status AS depth
      FROM transactions WHERE block_hash IS NOT NULL AND status <> 'reorged' AND ${ON_FIRST_CHAIN}
    UNION ALL SELECT 'nonce', tenant_id, address || '/' || CAST(nonce AS TEXT), block_height, block_hash, depth
      FROM spent_nonces WHERE block_hash IS NOT NULL AND depth <> 'none' AND ${ON_FIRST_CHAIN}
    UNION ALL SELECT 'watch', tenant_id, CAST(tx_request_id AS TEXT), block_height, block_hash, depth
      FROM watches WHERE block_hash IS NOT NULL AND depth <> 'none' AND ${ON_FIRST_CHAIN}`,
  wallets: `SELECT id, tenant_id, address FROM wallets WHERE ${ON_FIRST_CHAIN}`,
  balances: `SELECT tenant_id, wallet_id, asset_id, amount,
      (SELECT address FROM wallets WHERE wallets.id = wallet_id) AS address
    FROM token_balances WHERE ${ON_FIRST_CHAIN}`,
  users: `SELECT id, tenant_id FROM users WHERE ${MINE}`,
  cursors: `SELECT chain_id, height, status FROM chain_cursors`,
};

const TABLES = [
  'requests',
  'attempts',
  'slots',
  'transitions',
  'groups',
  'approvals',
  'outbox',
  'inbox',
  'answers',
  'entries',
  'pruned',
  'heads',
  'copies',
  'observed',
  'wallets',
  'balances',
  'users',
  'cursors',
] as const satisfies readonly (keyof typeof Rows)[];
