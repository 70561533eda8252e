import { type RowOf, table } from '../table.ts';

/** What balances were right after a block, as far as transfers explain them; owned by chain-watcher. */
export const balanceMarks = table('balance_marks', {
  tenant_id: 'uuid',
  wallet_id: 'uuid',
  asset_id: 'text',
  height: 'int8',
  chain_id: 'text',
  address: 'varchar',
  amount: 'numeric',
  created_at: 'timestamptz',
});

export type BalanceMarkRow = RowOf<typeof balanceMarks>;
