import { type Cursor, hear } from '@ironforge/chain-core';
import type { Chain } from '../chains.ts';

/**
 * True when the endpoints agree that another block stands where this one of ours stood. One that still shows ours is
 * enough to wait: after a reorg it follows soon, and one node on a fork of its own must undo nothing. Throws
 * `dependency_down` while too few answer.
 */
export async function isReplaced({ node }: Pick<Chain, 'node'>, { height, hash }: Cursor): Promise<boolean> {
  const verdict = await hear(node.jury, `which block is at ${height}`, async (witness) => {
    const theirs = await witness.hashAt(height);
    if (theirs === null) return 'silent';
    return theirs === hash ? 'yes' : 'no';
  });
  return verdict === 'no';
}
