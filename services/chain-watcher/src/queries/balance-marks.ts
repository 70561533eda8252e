import type { Tx } from '@ironforge/store';
import type { WalletPlace } from '../messages.ts';
import type { Holding } from './transactions.ts';

/** A balance right after a block. */
export type HeldAmount = Holding & { readonly address: string; readonly amount: bigint };

/** A balance with what is known to explain it; without a mark nothing is. */
export interface Explained extends HeldAmount {
  readonly mark_height: bigint | null;
  readonly mark_amount: bigint | null;
  /** What transfers and fees moved since the mark. */
  readonly moved: bigint;
  /** How many rows say so. */
  readonly rows: bigint;
}

/** A block at which balances are looked at. */
export interface Place {
  readonly chainId: string;
  readonly nativeAssetId: string;
  readonly height: number;
}

/**
 * What explains these balances right after a block: the newest mark, and what moved since. What failed moved nothing; the
 * fees of all that a wallet sent, failed or not and of whatever asset, were paid in the coin. A mark from before a wallet was
 * watched explains nothing: nobody looked at the blocks between.
 */
export async function explain(tx: Tx, place: Place, held: readonly HeldAmount[]): Promise<Explained[]> {
  if (held.length === 0) return [];
  const { rows } = await tx.raw<{ rows: Explained[] }>(
    `SELECT h.*, m.height AS mark_height, m.amount AS mark_amount, s.moved, s.rows
     FROM unnest(:tenants::UUID[], :wallets::UUID[], :assets::TEXT[], :addresses::TEXT[], :amounts::NUMERIC[])
       AS h (tenant_id, wallet_id, asset_id, address, amount)
     LEFT JOIN LATERAL (
       SELECT height, amount FROM balance_marks b
       WHERE b.tenant_id = h.tenant_id AND b.wallet_id = h.wallet_id AND b.asset_id = h.asset_id AND b.height <= :height
         AND ${IS_WATCHED_AT_MARK}
       ORDER BY height DESC LIMIT 1) AS m ON true
     LEFT JOIN LATERAL (
       SELECT count(*) AS rows, COALESCE(sum(
         CASE WHEN t.asset_id <> h.asset_id OR t.status = 'failed' THEN 0 WHEN t.direction = 'in' THEN t.amount ELSE -t.amount END
         - CASE WHEN h.asset_id = :nativeAssetId THEN COALESCE(t.fee, 0) ELSE 0 END), 0) AS moved
       FROM transactions t
       WHERE t.tenant_id = h.tenant_id AND t.wallet_id = h.wallet_id AND t.block_height > m.height
         AND t.block_height <= :height) AS s ON true`,
    { ...place, ...columnsOf(held) },
  );
  return rows;
}

/** Whether a wallet was watched when a mark `b` of it stood, as far as we know when it was. */
const IS_WATCHED_AT_MARK = `NOT EXISTS (
  SELECT 1 FROM watched_addresses w
  WHERE w.tenant_id = b.tenant_id AND w.wallet_id = b.wallet_id AND w.from_height > b.height)`;

/** Notes balances that are explained from now on. */
export async function insertMarks(tx: Tx, place: Place, held: readonly HeldAmount[]): Promise<void> {
  if (held.length === 0) return;
  await tx.raw(
    `INSERT INTO balance_marks (tenant_id, wallet_id, asset_id, address, amount, chain_id, height)
     SELECT h.*, CAST(:chainId AS TEXT), CAST(:height AS INT8)
     FROM unnest(:tenants::UUID[], :wallets::UUID[], :assets::TEXT[], :addresses::TEXT[], :amounts::NUMERIC[]) AS h
     ON CONFLICT (tenant_id, wallet_id, asset_id, height) DO NOTHING`,
    { ...place, ...columnsOf(held) },
  );
}

/** The balances that have no mark yet that explains anything. */
export async function findUnmarked(tx: Tx, held: readonly HeldAmount[]): Promise<HeldAmount[]> {
  if (held.length === 0) return [];
  const { rows } = await tx.raw<{ rows: HeldAmount[] }>(
    `SELECT h.* FROM unnest(:tenants::UUID[], :wallets::UUID[], :assets::TEXT[], :addresses::TEXT[], :amounts::NUMERIC[])
       AS h (tenant_id, wallet_id, asset_id, address, amount)
     WHERE NOT EXISTS (
       SELECT 1 FROM balance_marks b
       WHERE b.tenant_id = h.tenant_id AND b.wallet_id = h.wallet_id AND b.asset_id = h.asset_id
         AND ${IS_WATCHED_AT_MARK})`,
    columnsOf(held),
  );
  return rows;
}

/** A height, and at which one wallets had to be watched to be meant. */
export interface MarksFrom {
  readonly chainId: string;
  readonly height: number;
  readonly watchedAt: number;
}

/** The balances of wallets that were watched by then which have marks at a height or above it alone. */
export async function findLoneMarks(
  tx: Tx,
  from: MarksFrom & { readonly count: number },
): Promise<Omit<HeldAmount, 'amount'>[]> {
  const { rows } = await tx.raw<{ rows: Omit<HeldAmount, 'amount'>[] }>(
    `SELECT DISTINCT m.tenant_id, m.wallet_id, m.asset_id, m.address FROM balance_marks m
     WHERE m.chain_id = :chainId AND m.height >= :height AND ${IS_WATCHED_BY_THEN} AND NOT EXISTS (
       SELECT 1 FROM balance_marks b
       WHERE b.tenant_id = m.tenant_id AND b.wallet_id = m.wallet_id AND b.asset_id = m.asset_id AND b.height < :height
         AND ${IS_WATCHED_AT_MARK})
     LIMIT :count`,
    { ...from },
  );
  return rows;
}

/** Forgets the marks that undone blocks left on wallets that were watched by then, and gives these wallets. */
export async function undoMarks(tx: Tx, from: MarksFrom): Promise<WalletPlace[]> {
  const { rows } = await tx.raw<{ rows: WalletPlace[] }>(
    `DELETE FROM balance_marks m
     WHERE m.chain_id = :chainId AND m.height >= :height AND ${IS_WATCHED_BY_THEN}
     RETURNING m.tenant_id, m.wallet_id, m.address`,
    { ...from },
  );
  return rows;
}

/** Whether the wallet of a mark `m` was watched at a height already, as far as we know when it was. */
const IS_WATCHED_BY_THEN = `NOT EXISTS (
  SELECT 1 FROM watched_addresses w
  WHERE w.tenant_id = m.tenant_id AND w.wallet_id = m.wallet_id AND w.from_height > :watchedAt)`;

/** Forgets the marks of these wallets that a newer one, below finality, makes needless. */
export async function forgetOldMarks(tx: Tx, walletIds: readonly string[], finalized: number): Promise<void> {
  await tx.raw(
    `DELETE FROM balance_marks m WHERE m.wallet_id = ANY(:walletIds) AND m.height < :finalized AND EXISTS (
       SELECT 1 FROM balance_marks n
       WHERE n.tenant_id = m.tenant_id AND n.wallet_id = m.wallet_id AND n.asset_id = m.asset_id
         AND n.height > m.height AND n.height <= :finalized)`,
    { walletIds: [...walletIds], finalized },
  );
}

function columnsOf(held: readonly HeldAmount[]) {
  return {
    tenants: held.map(({ tenant_id }) => tenant_id),
    wallets: held.map(({ wallet_id }) => wallet_id),
    assets: held.map(({ asset_id }) => asset_id),
    addresses: held.map(({ address }) => address),
    amounts: held.map(({ amount }) => amount.toString()),
  };
}
