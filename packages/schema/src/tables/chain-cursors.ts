import { type RowOf, table } from '../table.ts';

/** How far each chain is followed; owned by chain-watcher, read by all. */
export const chainCursors = table('chain_cursors', {
  chain_id: 'text',
  height: 'int8',
  hash: 'varchar',
  block_time: 'timestamptz',
  finalized_height: 'int8',
  version: 'int8',
  status: 'varchar',
  stop_reason: 'varchar?',
  leader: 'uuid?',
  fence: 'int8',
  lease_expires_at: 'timestamptz?',
  created_at: 'timestamptz',
  updated_at: 'timestamptz',
});

export type ChainCursorRow = RowOf<typeof chainCursors>;
