import type { Block, Cursor } from '@ironforge/chain-core';
import type { Tx } from '@ironforge/store';
import type { Chain } from '../chains.ts';
import type { WatcherDeps } from '../deps.ts';
import { findBlock } from '../queries/chain-blocks.ts';
import type { CursorState } from '../queries/chain-cursors.ts';
import { findUncounted } from '../queries/mined-counts.ts';
import { findPassingUpTo, type Passing } from '../queries/spent-nonces.ts';
import { findPendingAt } from '../queries/transactions.ts';
import { finalizedAfter, inclusionOf, passingHeight } from './depths.ts';
import { findWatched } from './find-watched.ts';
import { planTransactions, type Touched, touchedBy } from './plan-block.ts';

/** A block on top of the cursor. */
export interface Coming {
  readonly block: Block;
  readonly cursor: CursorState;
  /** The chain's own finalized height; null where depth decides. */
  readonly finalizedTag: number | null;
  /** The newest of those that were read: what is asked of the present is asked of it alone. */
  readonly isNewest: boolean;
}

/** What a block concerns. */
export interface Concerned {
  readonly touched: readonly Touched[];
  readonly tokens: readonly Touched[];
  /** Nonces that count from this block on. */
  readonly spent: readonly Passing[];
  readonly uncounted: readonly string[];
  /** The block that has K confirmations with this one; null when nothing that counts from now on lies in it. */
  readonly passing: Cursor | null;
}

/** A guess at what the block changes, to ask the node by; the truth is found inside the transaction. */
export async function findConcerned(deps: WatcherDeps, chain: Chain, coming: Coming): Promise<Concerned> {
  return await deps.store
    .system('chain_watcher')
    .transaction((tx) => look(deps, tx, { chain, ...coming }), { isolation: 'read committed' });
}

async function look(
  deps: WatcherDeps,
  tx: Tx,
  { chain, ...coming }: Coming & { readonly chain: Chain },
): Promise<Concerned> {
  const { block, isNewest } = coming;
  const { chainId, nativeAssetId } = chain.config;
  const height = passingHeight(chain, block);
  const rows = planTransactions(block, await findWatched(tx, chain, block), inclusionOf(deps, chain, coming));
  const pending = await findPendingAt(tx, chainId, height);
  const spent = await findPassingUpTo(tx, chainId, Math.max(height, finalizedAfter(chain, coming)));
  const uncounted = isNewest ? await findUncounted(tx, chainId) : [];
  const moved = touchedBy(rows, nativeAssetId);
  const tokens = moved.filter(({ asset_id }) => asset_id !== nativeAssetId);
  const counts = pending.length > 0 || spent.length > 0 || height === block.height;
  const passing = counts ? await blockAt(tx, chainId, { height, coming: block }) : undefined;
  return { touched: [...moved, ...pending], tokens, spent, uncounted, passing: passing ?? null };
}

/** The block that comes is stored by nobody yet. */
async function blockAt(
  tx: Tx,
  chainId: string,
  { height, coming }: { readonly height: number; readonly coming: Block },
): Promise<Cursor | undefined> {
  return height === coming.height ? coming : await findBlock(tx, chainId, height);
}
