import { type RowOf, table } from '../table.ts';

/** What open requests will take from a wallet; owned by wallet-registry. */
export const balanceHolds = table('balance_holds', {
  tenant_id: 'uuid',
  tx_request_id: 'uuid',
  wallet_id: 'uuid',
  asset_id: 'text',
  amount: 'numeric',
  fee_asset_id: 'text',
  fee_ceiling: 'numeric',
  is_open: 'boolean',
  version: 'int4',
  created_at: 'timestamptz',
  updated_at: 'timestamptz',
});

export type BalanceHoldRow = RowOf<typeof balanceHolds>;
