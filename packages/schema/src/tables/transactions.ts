import { type RowOf, table } from '../table.ts';

/** What the chain showed, one row per wallet and transfer; owned by chain-watcher. */
export const transactions = table('transactions', {
  id: 'uuid',
  tenant_id: 'uuid',
  wallet_id: 'uuid',
  tx_request_id: 'uuid?',
  direction: 'varchar',
  chain_id: 'text',
  tx_hash: 'varchar?',
  transfer_index: 'int4',
  from_address: 'varchar?',
  to_address: 'varchar?',
  asset_id: 'text',
  amount: 'numeric',
  fee: 'numeric?',
  status: 'varchar',
  block_height: 'int8?',
  block_hash: 'varchar?',
  block_time: 'timestamptz',
  kind: 'varchar',
  logged_amount: 'numeric?',
  range_from: 'int8?',
  version: 'int4',
  created_at: 'timestamptz',
  updated_at: 'timestamptz',
});

export type TransactionRow = RowOf<typeof transactions>;
