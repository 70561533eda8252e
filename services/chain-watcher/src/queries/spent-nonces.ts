import type { Depth } from '@ironforge/chain-core';
import type { SpentNonceRow } from '@ironforge/schema';
import type { Tx } from '@ironforge/store';
import { inChunks } from './in-chunks.ts';

const PLACE = ['tenant_id', 'chain_id', 'address', 'nonce'] as const;
const SHOWN = [
  'tx_hash',
  'to_address',
  'value',
  'data',
  'success',
  'tx_type',
  'gas_limit',
  'max_fee_per_gas',
  'max_priority_fee_per_gas',
  'attachments',
  'fee_paid',
  'block_height',
  'block_hash',
] as const;
const COLUMNS = [...PLACE, 'version', 'depth', ...SHOWN] as const;
const RETURNED = COLUMNS.join(', ');
const NOTHING_SHOWN = SHOWN.map((column) => `${column} = NULL`).join(', ');

/** Which transaction took a nonce of a watched address, and how deep it lies. */
export type SpentNonce = Omit<SpentNonceRow, 'created_at' | 'updated_at'>;

/** A nonce that a block spent. */
export type NewSpentNonce = Omit<SpentNonce, 'version' | 'nonce' | 'block_height'> & {
  readonly nonce: number;
  readonly block_height: number;
};

/** Notes who took which nonce; a row that an undone block had before rises by one version. */
export async function upsertSpentNonces(tx: Tx, rows: readonly NewSpentNonce[]): Promise<SpentNonce[]> {
  const told = ['depth', ...SHOWN].map((column) => [column, tx.raw('excluded.??', [column])] as const);
  const version = tx.raw('spent_nonces.version + 1');
  return await inChunks(rows, async (chunk) => {
    return await tx('spent_nonces')
      .insert(chunk.map((row) => ({ ...row, version: 1 })))
      .onConflict([...PLACE])
      .merge({ ...Object.fromEntries(told), version, updated_at: tx.fn.now() })
      .returning<SpentNonce[]>(COLUMNS);
  });
}

/** What became deeper: included ones at `confirmedAt` (nonces: or below, where a block was corrected late), and any above `finalAfter` up to `finalUpTo`. */
export interface Deepening {
  readonly chainId: string;
  readonly confirmedAt: number;
  readonly finalAfter: number;
  readonly finalUpTo: number;
}

/** Deepens the nonces that passed depth K or finality with the newest block, and gives them. */
export async function deepenSpentNonces(tx: Tx, deepening: Deepening): Promise<SpentNonce[]> {
  const { rows } = await tx.raw<{ rows: SpentNonce[] }>(
    `UPDATE spent_nonces SET
       depth = CASE WHEN block_height <= :finalUpTo THEN 'finalized' ELSE 'confirmed' END,
       version = version + 1, updated_at = now()
     WHERE chain_id = :chainId AND (
       (block_height <= :confirmedAt AND depth = 'included')
       OR (block_height > :finalAfter AND block_height <= :finalUpTo AND depth IN ('included', 'confirmed')))
     RETURNING ${RETURNED}`,
    { ...deepening },
  );
  return rows;
}

/** Takes the nonces that an undone block spent back, and gives them as they are now. */
export async function undoSpentNonces(tx: Tx, chainId: string, height: number): Promise<SpentNonce[]> {
  const { rows } = await tx.raw<{ rows: SpentNonce[] }>(
    `UPDATE spent_nonces SET
       depth = 'none', ${NOTHING_SHOWN}, version = version + 1, updated_at = now()
     WHERE chain_id = :chainId AND block_height = :height
     RETURNING ${RETURNED}`,
    { chainId, height },
  );
  return rows;
}

/**
 * A nonce whose news is about to count. Bad news ends a request: its transaction was reverted, is none that we were told to
 * send, or there is none. But an attempt of ours ends others, too: those who were offered the same nonce.
 */
export type Passing = Pick<
  SpentNonce,
  'address' | 'nonce' | 'tx_hash' | 'success' | 'block_height' | 'block_hash'
> & {
  readonly is_bad: boolean;
  /** The hashes that we were told to send for a nonce that nobody spent, of requests that the chain shows nothing of. */
  readonly attempts: readonly string[];
};

/** The nonces up to a height that were told as included only: about to count. */
export async function findPassingUpTo(tx: Tx, chainId: string, height: number): Promise<Passing[]> {
  const { rows } = await tx.raw<{ rows: Passing[] }>(
    `SELECT s.address, s.nonce, s.tx_hash, s.success, s.block_height, s.block_hash, (s.success IS NOT TRUE OR NOT EXISTS (
       SELECT 1 FROM watch_attempts a
       WHERE a.chain_id = s.chain_id AND a.tx_hash = s.tx_hash AND a.tenant_id = s.tenant_id)) AS is_bad,
       CASE WHEN s.tx_hash IS NULL THEN ARRAY(
         SELECT a.tx_hash::TEXT FROM watches w
         JOIN watch_attempts a ON a.tenant_id = w.tenant_id AND a.tx_request_id = w.tx_request_id
         WHERE w.chain_id = s.chain_id AND w.depth = 'none' AND a.address = s.address AND a.nonce = s.nonce)
       ELSE ARRAY[]::TEXT[] END AS attempts
     FROM spent_nonces s
     WHERE s.chain_id = :chainId AND s.block_height <= :height AND s.depth = 'included'`,
    { chainId, height },
  );
  return rows;
}

/** What the chain showed of one of these transactions of a tenant, when it is in a block. */
export async function findSpentByHash(
  tx: Tx,
  tenantId: string,
  place: { readonly chainId: string; readonly txHashes: readonly string[] },
): Promise<(SpentNonce & { readonly depth: Depth }) | undefined> {
  return await tx('spent_nonces')
    .first<(SpentNonce & { readonly depth: Depth }) | undefined>(...COLUMNS)
    .where({ tenant_id: tenantId, chain_id: place.chainId })
    .whereRaw('tx_hash = ANY(?)', [[...place.txHashes]]);
}
