import { type RowOf, table } from '../table.ts';

/** Hashes of the blocks that can still be undone; owned by chain-watcher. */
export const chainBlocks = table('chain_blocks', {
  chain_id: 'text',
  height: 'int8',
  hash: 'varchar',
  parent_hash: 'varchar',
  block_time: 'timestamptz',
});

export type ChainBlockRow = RowOf<typeof chainBlocks>;
