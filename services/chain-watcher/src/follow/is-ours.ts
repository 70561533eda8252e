import type { Cursor } from '@ironforge/chain-core';
import type { Tx } from '@ironforge/store';
import { findBlock } from '../queries/chain-blocks.ts';
import type { CursorState } from '../queries/chain-cursors.ts';

/** True when a block stands on the chain that we follow; what is final stands for ever, and its hash is not kept. */
export async function isOurs(tx: Tx, cursor: CursorState, { height, hash }: Cursor): Promise<boolean> {
  if (height > cursor.height) return false;
  if (height <= cursor.finalizedHeight) return true;
  return (await findBlock(tx, cursor.chainId, height))?.hash === hash;
}
