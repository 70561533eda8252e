import type { TenantId } from '@ironforge/kernel';
import type { TokenBalanceRow } from '@ironforge/schema';
import type { Tx } from '@ironforge/store';

const COLUMNS = ['asset_id', 'amount', 'pending', 'block_height', 'as_of'] as const;

/** A balance as the registry reads it. */
export type Balance = Pick<TokenBalanceRow, (typeof COLUMNS)[number]>;

/** The newest observation of each asset of a wallet. */
export async function findBalances(tx: Tx, tenantId: TenantId, walletId: string): Promise<Balance[]> {
  return tx<TokenBalanceRow>('token_balances')
    .select(...COLUMNS)
    .where({ tenant_id: tenantId, wallet_id: walletId })
    .orderBy('asset_id');
}

/** One observation of the watcher; a higher version is a newer one. */
export type Observation = Omit<TokenBalanceRow, 'created_at' | 'updated_at'>;

/**
 * Stores an observation unless a newer one is there. Gives the amount that was there before (0 for the first one), or
 * null when the observation came too late.
 */
export async function storeObservation(tx: Tx, observation: Observation): Promise<bigint | null> {
  const { rows } = await tx.raw<{ rows: { readonly before: bigint }[] }>(
    `WITH known AS (
       SELECT amount FROM token_balances
       WHERE tenant_id = :tenant_id AND wallet_id = :wallet_id AND asset_id = :asset_id
     )
     INSERT INTO token_balances AS b
       (tenant_id, wallet_id, asset_id, amount, pending, block_height, block_hash, version, as_of, updated_at)
     VALUES (:tenant_id, :wallet_id, :asset_id, :amount, :pending, :block_height, :block_hash, :version, :as_of, now())
     ON CONFLICT (tenant_id, wallet_id, asset_id) DO UPDATE SET
       amount = excluded.amount, pending = excluded.pending, block_height = excluded.block_height,
       block_hash = excluded.block_hash, version = excluded.version, as_of = excluded.as_of, updated_at = now()
     WHERE b.version < excluded.version
     RETURNING COALESCE((SELECT amount FROM known), 0) AS before`,
    toBindings(observation),
  );
  return rows[0]?.before ?? null;
}

function toBindings({ amount, pending, block_height, version, ...rest }: Observation) {
  return {
    ...rest,
    amount: String(amount),
    pending: String(pending),
    block_height: String(block_height),
    version: String(version),
  };
}
