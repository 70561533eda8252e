import type { Block, Cursor } from '@ironforge/chain-core';
import type { ChainBlockRow } from '@ironforge/schema';
import type { Tx } from '@ironforge/store';

/** Keeps a block's hash for as long as it can be undone. */
export async function insertBlock(
  tx: Tx,
  chainId: string,
  block: Omit<Block, 'transactions' | 'transfers'>,
): Promise<void> {
  const { height, hash, parentHash, time } = block;
  await tx('chain_blocks')
    .insert({ chain_id: chainId, height, hash, parent_hash: parentHash, block_time: time })
    .onConflict(['chain_id', 'height'])
    .merge();
}

/** The block that is stored at a height; undefined when it is older than what is kept. */
export async function findBlock(
  tx: Tx,
  chainId: string,
  height: number,
): Promise<(Cursor & { readonly blockTime: Date }) | undefined> {
  const row = await tx('chain_blocks')
    .first<Pick<ChainBlockRow, 'hash' | 'block_time'> | undefined>('hash', 'block_time')
    .where({ chain_id: chainId, height });
  return row && { height, hash: row.hash, blockTime: row.block_time };
}

/** Forgets a block that was undone. */
export async function deleteBlock(tx: Tx, chainId: string, height: number): Promise<void> {
  await tx('chain_blocks').where({ chain_id: chainId, height }).delete();
}

/** Forgets the blocks below a height: nothing is undone there any more. */
export async function deleteBlocksBelow(tx: Tx, chainId: string, height: number): Promise<void> {
  await tx('chain_blocks').where({ chain_id: chainId }).where('height', '<', height).delete();
}
