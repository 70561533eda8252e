import type { Head, NodeView } from '@ironforge/chain-core';
import type { Chain } from '../chains.ts';
import type { WatcherDeps } from '../deps.ts';
import { findBlock } from '../queries/chain-blocks.ts';
import type { CursorState } from '../queries/chain-cursors.ts';

/** Both hashes at the lower of both tips, the height of that, and where the node's own tip is. */
export type Meeting = NodeView['meeting'] & { readonly height: number; readonly head: number };

/** Where the node's chain, which ends with that head, and ours meet; most often at our own tip. */
export async function findMeeting(
  deps: WatcherDeps,
  { node, config }: Chain,
  { cursor, head }: { readonly cursor: CursorState; readonly head: Head },
): Promise<Meeting> {
  if (head.height >= cursor.height) {
    const theirs = head.height === cursor.height ? head.hash : await node.hashAt(cursor.height);
    return { height: cursor.height, theirs, ours: cursor.hash, head: head.height };
  }
  const ours = await deps.store
    .system('chain_watcher')
    .transaction((tx) => findBlock(tx, config.chainId, head.height));
  return { height: head.height, theirs: head.hash, ours: ours?.hash ?? null, head: head.height };
}
