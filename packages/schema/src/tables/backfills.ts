import { type RowOf, table } from '../table.ts';

/** Blocks from before a wallet was watched that are read for it; owned by chain-watcher. */
export const backfills = table('backfills', {
  id: 'uuid',
  tenant_id: 'uuid',
  wallet_id: 'uuid',
  user_id: 'uuid',
  chain_id: 'text',
  address: 'varchar',
  from_height: 'int8',
  to_height: 'int8',
  next_height: 'int8',
  status: 'varchar',
  created_at: 'timestamptz',
  updated_at: 'timestamptz',
});

export type BackfillRow = RowOf<typeof backfills>;
