import type { WatchRow } from '@ironforge/schema';
import type { Tx } from '@ironforge/store';
import type { Deepening } from './spent-nonces.ts';

const COLUMNS = [
  'tenant_id',
  'tx_request_id',
  'chain_id',
  'version',
  'depth',
  'winner_attempt_id',
  'winner_tx_hash',
  'winner_success',
  'winner_fee_paid',
  'block_height',
  'block_hash',
] as const;

/** A request's attempts as the chain treats them: at most one is mined. */
export type Watch = Omit<WatchRow, 'created_at' | 'updated_at'>;

/** The version of a watch that has seen nothing yet. */
export const FIRST_VERSION = 1;

/** The attempt that was mined, and where. */
export interface Win {
  readonly tenant_id: string;
  readonly tx_request_id: string;
  readonly depth: string;
  readonly winner_attempt_id: string;
  readonly winner_tx_hash: string;
  readonly winner_success: boolean;
  readonly winner_fee_paid: bigint;
  readonly block_height: number;
  readonly block_hash: string;
}

/** Begins to watch a request; nothing changes when it is watched already. */
export function insertWatch(
  tx: Tx,
  watch: { readonly tenant_id: string; readonly tx_request_id: string; readonly chain_id: string },
): void {
  tx.send(
    tx('watches')
      .insert({ ...watch, version: FIRST_VERSION, depth: 'none' })
      .onConflict(['tenant_id', 'tx_request_id'])
      .ignore(),
  );
}

/** The watch of a request. */
export async function findWatch(tx: Tx, tenantId: string, requestId: string): Promise<Watch | undefined> {
  return await tx('watches')
    .first<Watch | undefined>(...COLUMNS)
    .where({ tenant_id: tenantId, tx_request_id: requestId });
}

/** Notes which attempts were mined, and gives the watches as they are now. */
export async function winWatches(tx: Tx, wins: readonly Win[]): Promise<Watch[]> {
  if (wins.length === 0) return [];
  const { rows } = await tx.raw<{ rows: Watch[] }>(
    `UPDATE watches w SET
       depth = n.depth, winner_attempt_id = n.attempt_id, winner_tx_hash = n.tx_hash, winner_success = n.success,
       winner_fee_paid = n.fee, block_height = n.height, block_hash = n.block_hash,
       version = w.version + 1, updated_at = now()
     FROM unnest(:tenants::UUID[], :requests::UUID[], :depths::TEXT[], :attempts::UUID[], :hashes::TEXT[],
       :successes::BOOLEAN[], :fees::NUMERIC[], :heights::INT8[], :blocks::TEXT[])
       AS n (tenant_id, request_id, depth, attempt_id, tx_hash, success, fee, height, block_hash)
     WHERE w.tenant_id = n.tenant_id AND w.tx_request_id = n.request_id
     RETURNING w.tenant_id, w.tx_request_id, w.chain_id, w.version, w.depth, w.winner_attempt_id, w.winner_tx_hash,
       w.winner_success, w.winner_fee_paid, w.block_height, w.block_hash`,
    columnsOf(wins),
  );
  return rows;
}

/** Deepens the watches whose winner passed depth K or finality with the newest block, and gives them. */
export async function deepenWatches(tx: Tx, deepening: Deepening): Promise<Watch[]> {
  const { rows } = await tx.raw<{ rows: Watch[] }>(
    `UPDATE watches SET
       depth = CASE WHEN block_height <= :finalUpTo THEN 'finalized' ELSE 'confirmed' END,
       version = version + 1, updated_at = now()
     WHERE chain_id = :chainId AND (
       (block_height = :confirmedAt AND depth = 'included')
       OR (block_height > :finalAfter AND block_height <= :finalUpTo AND depth IN ('included', 'confirmed')))
     RETURNING tenant_id, tx_request_id, chain_id, version, depth, winner_attempt_id, winner_tx_hash, winner_success,
       winner_fee_paid, block_height, block_hash`,
    { ...deepening },
  );
  return rows;
}

/** Takes the winners of an undone block back, and gives the watches as they are now. */
export async function undoWatches(tx: Tx, chainId: string, height: number): Promise<Watch[]> {
  const { rows } = await tx.raw<{ rows: Watch[] }>(
    `UPDATE watches SET
       depth = 'none', winner_attempt_id = NULL, winner_tx_hash = NULL, winner_success = NULL, winner_fee_paid = NULL,
       block_height = NULL, block_hash = NULL, version = version + 1, updated_at = now()
     WHERE chain_id = :chainId AND block_height = :height
     RETURNING tenant_id, tx_request_id, chain_id, version, depth, winner_attempt_id, winner_tx_hash, winner_success,
       winner_fee_paid, block_height, block_hash`,
    { chainId, height },
  );
  return rows;
}

function columnsOf(wins: readonly Win[]) {
  return {
    tenants: wins.map((win) => win.tenant_id),
    requests: wins.map((win) => win.tx_request_id),
    depths: wins.map((win) => win.depth),
    attempts: wins.map((win) => win.winner_attempt_id),
    hashes: wins.map((win) => win.winner_tx_hash),
    successes: wins.map((win) => win.winner_success),
    fees: wins.map((win) => win.winner_fee_paid.toString()),
    heights: wins.map((win) => win.block_height),
    blocks: wins.map((win) => win.block_hash),
  };
}
