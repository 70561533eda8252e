import type { TenantId } from '@ironforge/kernel';
import type { WalletCountRow } from '@ironforge/schema';
import type { Tx } from '@ironforge/store';

/** Takes a place within the plan and locks the tenant's count; false when all are taken. */
export async function takePlace(tx: Tx, tenantId: TenantId, maxWallets: number): Promise<boolean> {
  if (maxWallets < 1) return false;
  const rows = await tx<WalletCountRow>('wallet_counts')
    .insert({ tenant_id: tenantId, wallets: 1 })
    .onConflict('tenant_id')
    .merge({ wallets: tx.raw('wallet_counts.wallets + 1') })
    .where('wallet_counts.wallets', '<', maxWallets)
    .returning('wallets');
  return rows.length === 1;
}

/** Gives the place of a wallet back. */
export async function freePlace(tx: Tx, tenantId: TenantId): Promise<void> {
  await tx<WalletCountRow>('wallet_counts').where({ tenant_id: tenantId }).decrement('wallets', 1);
}

/** Locks the tenant's count, and with it which wallet is a default, until the transaction ends. */
export async function lockCount(tx: Tx, tenantId: TenantId): Promise<void> {
  await tx<WalletCountRow>('wallet_counts').first('wallets').where({ tenant_id: tenantId }).forUpdate();
}
