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

/** Of the row that is made so that it can be locked: every observation is newer. */
const NEVER_OBSERVED = -1n;

/**
 * Stores an observation unless a newer one is there; the row is locked first, so that it is right at READ COMMITTED. Gives the
 * amount that was there before (0 for the first one), or null when the observation came too late. One round trip.
 */
export async function storeObservation(tx: Tx, observation: Observation): Promise<bigint | null> {
  const { tenant_id, wallet_id, asset_id, ...seen } = observation;
  const key = { tenant_id, wallet_id, asset_id };
  const balances = () => tx<TokenBalanceRow>('token_balances');
  tx.send(
    balances()
      .insert({ ...observation, amount: 0n, pending: 0n, version: NEVER_OBSERVED })
      .onConflict(['tenant_id', 'wallet_id', 'asset_id'])
      .ignore(),
  );
  const [before, stored] = await Promise.all([
    balances().select<Pick<TokenBalanceRow, 'amount'>[]>('amount').where(key).forUpdate(),
    balances()
      .update({ ...seen, updated_at: tx.fn.now() })
      .where(key)
      .where('version', '<', observation.version),
  ]);
  return stored === 0 ? null : (before[0]?.amount ?? null);
}
