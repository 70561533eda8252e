import { type RowOf, table } from '../table.ts';

/** How many wallets a tenant has: the hot row of the plan limit. Owned by wallet-registry. */
export const walletCounts = table('wallet_counts', {
  tenant_id: 'uuid',
  wallets: 'int4',
});

export type WalletCountRow = RowOf<typeof walletCounts>;
