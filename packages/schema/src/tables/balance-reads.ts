import { type RowOf, table } from '../table.ts';

/** At which block a wallet's balances were last told because somebody asked; owned by chain-watcher. */
export const balanceReads = table('balance_reads', {
  tenant_id: 'uuid',
  wallet_id: 'uuid',
  chain_id: 'text',
  address: 'text',
  height: 'int8',
  created_at: 'timestamptz',
});

export type BalanceReadRow = RowOf<typeof balanceReads>;
