import type { TenantId } from '@ironforge/kernel';
import type { Tx } from '@ironforge/store';

/** What entries are asked for: of blocks of a chain, both included, and of these transactions of it, up to a size of the log. */
export interface MinedWanted {
  readonly chainId: string;
  readonly from: number;
  readonly to: number;
  readonly hashes: readonly string[];
  readonly size: number;
}

/** A sealed entry with its text. */
export interface SealedEntry {
  readonly id: string;
  readonly sequence: bigint;
  readonly canonical: string;
}

/** The newest entry of each request that an entry says to be mined in these blocks, or by one of these transactions. */
export async function newestOfMinedRequests(
  tx: Tx,
  tenantId: TenantId,
  wanted: MinedWanted,
): Promise<SealedEntry[]> {
  const { rows } = await tx.raw<{ rows: SealedEntry[] }>(NEWEST_OF_REQUESTS, {
    tenantId,
    ...bindingsOf(wanted),
  });
  return rows;
}

/** Every entry about deposits of which one says to be in these blocks, or by one of these transactions. */
export async function entriesOfDeposits(
  tx: Tx,
  tenantId: TenantId,
  wanted: MinedWanted,
): Promise<SealedEntry[]> {
  const { rows } = await tx.raw<{ rows: SealedEntry[] }>(OF_DEPOSITS, { tenantId, ...bindingsOf(wanted) });
  return rows;
}

/** The entries that tell of transactions which wallets sent without us, among these. */
export async function entriesOfOutside(
  tx: Tx,
  tenantId: TenantId,
  wanted: MinedWanted,
): Promise<SealedEntry[]> {
  const { rows } = await tx.raw<{ rows: SealedEntry[] }>(OF_OUTSIDE, { tenantId, ...bindingsOf(wanted) });
  return rows;
}

function bindingsOf({ chainId, from, to, hashes, size }: MinedWanted) {
  return { chainId, from, to, size, hashes: [...hashes] };
}

/** By the index `audit_entries_mined`, whose list of types this is. */
const IN_BLOCKS = `
  tenant_id = :tenantId AND chain_id = :chainId AND sequence <= :size
  AND type IN ('tx_request_included', 'tx_confirmed', 'tx_request_failed', 'tx_request_cancelled', 'tx_request_adopted',
    'deposit_observed')
  AND COALESCE(details->'request'->>'blockHeight', details->>'blockHeight')::INT8 BETWEEN :from AND :to`;

const BY_HASH = `
  tenant_id = :tenantId AND chain_id = :chainId AND sequence <= :size AND tx_hash = ANY(:hashes::TEXT[])`;

const NEWEST_OF_REQUESTS = `
  WITH touched AS (
    SELECT resource_id FROM audit_entries WHERE ${IN_BLOCKS} AND resource_type = 'tx_request'
    UNION SELECT resource_id FROM audit_entries WHERE ${BY_HASH} AND resource_type = 'tx_request'
  )
  SELECT DISTINCT ON (e.resource_id) e.id, e.sequence, e.canonical
  FROM touched t JOIN audit_entries e ON e.tenant_id = :tenantId AND e.resource_type = 'tx_request'
    AND e.resource_id = t.resource_id AND e.sequence <= :size AND e.aggregate_version > 0
  ORDER BY e.resource_id, e.sequence DESC`;

const OF_DEPOSITS = `
  WITH touched AS (
    SELECT tx_hash FROM audit_entries WHERE ${IN_BLOCKS} AND type = 'deposit_observed'
    UNION SELECT tx_hash FROM audit_entries WHERE ${BY_HASH} AND type = 'deposit_observed'
  )
  SELECT e.id, e.sequence, e.canonical
  FROM touched t JOIN audit_entries e ON e.tenant_id = :tenantId AND e.tx_hash = t.tx_hash
    AND e.chain_id = :chainId AND e.type = 'deposit_observed' AND e.sequence <= :size
  ORDER BY e.sequence`;

const OF_OUTSIDE = `
  SELECT id, sequence, canonical FROM audit_entries
  WHERE ${BY_HASH} AND type = 'security_nonce_spent_outside' ORDER BY sequence`;
