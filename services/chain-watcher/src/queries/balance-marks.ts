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
 * fees of all that a wallet sent, failed or not and of whatever asset, were paid in the coin.
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

/** The balances that have no mark yet. */
export async function findUnmarked(tx: Tx, held: readonly HeldAmount[]): Promise<HeldAmount[]> {
  if (held.length === 0) return [];
  const { rows } = await tx.raw<{ rows: HeldAmount[] }>(
    `SELECT h.* FROM unnest(:tenants::UUID[], :wallets::UUID[], :assets::TEXT[], :addresses::TEXT[], :amounts::NUMERIC[])
       AS h (tenant_id, wallet_id, asset_id, address, amount)
     WHERE NOT EXISTS (
       SELECT 1 FROM balance_marks b
       WHERE b.tenant_id = h.tenant_id AND b.wallet_id = h.wallet_id AND b.asset_id = h.asset_id)`,
    columnsOf(held),
  );
  return rows;
}

/** The balances that have marks at a height or above it alone. */
export async function findLoneMarks(
  tx: Tx,
  { chainId, height, count }: { readonly chainId: string; readonly height: number; readonly count: number },
): Promise<Omit<HeldAmount, 'amount'>[]> {
  const { rows } = await tx.raw<{ rows: Omit<HeldAmount, 'amount'>[] }>(
    `SELECT DISTINCT m.tenant_id, m.wallet_id, m.asset_id, m.address FROM balance_marks m
     WHERE m.chain_id = :chainId AND m.height >= :height AND NOT EXISTS (
       SELECT 1 FROM balance_marks b
       WHERE b.tenant_id = m.tenant_id AND b.wallet_id = m.wallet_id AND b.asset_id = m.asset_id AND b.height < :height)
     LIMIT :count`,
    { chainId, height, count },
  );
  return rows;
}

/** Forgets the marks that undone blocks left, and gives the wallets they were of. */
export async function undoMarks(tx: Tx, chainId: string, height: number): Promise<WalletPlace[]> {
  return await tx('balance_marks')
    .where({ chain_id: chainId })
    .where('height', '>=', height)
    .delete()
    .returning<WalletPlace[]>(['tenant_id', 'wallet_id', 'address']);
}

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
