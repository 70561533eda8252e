import { type Block, depthOf, finalizedHeight } from '@ironforge/chain-core';
import type { Chain } from '../chains.ts';
import type { WatcherDeps } from '../deps.ts';
import type { CursorState } from '../queries/chain-cursors.ts';
import type { Deepening } from '../queries/spent-nonces.ts';
import type { Inclusion } from './plan-block.ts';

/** A block that is written down, and where the cursor stands before. */
export interface BlockPlace {
  readonly block: Block;
  readonly cursor: CursorState;
}

/** How what is in a block is written down: one that is corrected lies below the cursor, and shows at once how deep. */
export function inclusionOf(
  { newId, clock }: Pick<WatcherDeps, 'newId' | 'clock'>,
  { config }: Pick<Chain, 'config'>,
  { block: { height }, cursor }: BlockPlace,
): Inclusion {
  const { chainId, nativeAssetId, confirmations } = config;
  const view = { head: Math.max(height, cursor.height), finalized: cursor.finalizedHeight };
  return { chainId, nativeAssetId, depth: depthOf(height, view, confirmations), newId, now: clock() };
}

/** The height up to which all is final with this block. */
export function finalizedAfter(
  { config }: Pick<Chain, 'config'>,
  { block, cursor, finalizedTag }: BlockPlace & { readonly finalizedTag: number | null },
): number {
  // Final stays final, also when somebody configures a greater depth.
  return Math.max(cursor.finalizedHeight, finalizedHeight(block.height, config, finalizedTag));
}

/** The height whose transfers have K confirmations with this block. */
export function passingHeight({ config }: Pick<Chain, 'config'>, { height }: Block): number {
  return height - config.confirmations + 1;
}

/** What becomes deeper by a block on top of the cursor. */
export function deepeningBy(
  chain: Pick<Chain, 'config'>,
  { block, cursor }: BlockPlace,
  finalized: number,
): Deepening {
  return {
    chainId: chain.config.chainId,
    confirmedAt: passingHeight(chain, block),
    // A chain may call a block final as soon as it makes it. Ours was told as included then, and is told so now.
    finalAfter: Math.min(cursor.finalizedHeight, cursor.height - 1),
    finalUpTo: finalized,
  };
}

/** A block that is corrected makes no other deeper. */
export const NONE_DEEPER = { confirmedAt: -1, finalAfter: -1, finalUpTo: -1 };
