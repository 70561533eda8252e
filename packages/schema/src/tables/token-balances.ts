import { type RowOf, table } from '../table.ts';

/** The newest observation of each balance; owned by wallet-registry. */
export const tokenBalances = table('token_balances', {
  tenant_id: 'uuid',
  wallet_id: 'uuid',
  asset_id: 'text',
  amount: 'numeric',
  pending: 'numeric',
  block_height: 'int8',
  block_hash: 'varchar',
  version: 'int8',
  as_of: 'timestamptz',
  created_at: 'timestamptz',
  updated_at: 'timestamptz',
});

export type TokenBalanceRow = RowOf<typeof tokenBalances>;
