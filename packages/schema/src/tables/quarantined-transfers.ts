import { type RowOf, table } from '../table.ts';

/** What came in of tokens that the tenant does not know; owned by chain-watcher. */
export const quarantinedTransfers = table('quarantined_transfers', {
  id: 'uuid',
  tenant_id: 'uuid',
  wallet_id: 'uuid',
  chain_id: 'text',
  tx_hash: 'varchar',
  transfer_index: 'int4',
  from_address: 'varchar',
  to_address: 'varchar',
  asset_id: 'text',
  amount: 'numeric',
  block_height: 'int8',
  block_hash: 'varchar',
  block_time: 'timestamptz',
  created_at: 'timestamptz',
});

export type QuarantinedTransferRow = RowOf<typeof quarantinedTransfers>;
