import { type RowOf, table } from '../table.ts';

/** One watch per request, with the attempt that won; owned by chain-watcher. */
export const watches = table('watches', {
  tenant_id: 'uuid',
  tx_request_id: 'uuid',
  chain_id: 'text',
  version: 'int8',
  depth: 'varchar',
  winner_attempt_id: 'uuid?',
  winner_tx_hash: 'varchar?',
  winner_success: 'boolean?',
  winner_fee_paid: 'numeric?',
  block_height: 'int8?',
  block_hash: 'varchar?',
  created_at: 'timestamptz',
  updated_at: 'timestamptz',
});

export type WatchRow = RowOf<typeof watches>;
