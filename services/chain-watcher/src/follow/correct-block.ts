import type { Block } from '@ironforge/chain-core';
import type { Tx } from '@ironforge/store';
import type { Chain } from '../chains.ts';
import type { WatcherDeps } from '../deps.ts';
import { findBlock } from '../queries/chain-blocks.ts';
import { type CursorState, moveCursor } from '../queries/chain-cursors.ts';
import { changesBetween, readBalances, readBefore } from './balances.ts';
import { NONE_DEEPER } from './depths.ts';
import { type Coming, findConcerned } from './find-concerned.ts';
import { readHeldBelow } from './read-held-below.ts';
import { type TakenBack, takeBack } from './undo-block.ts';
import { type Prepared, writeEffects } from './write-effects.ts';

/** A block at or below the cursor as enough endpoints tell it. */
export interface Correction extends Coming {
  readonly leaseMs: number;
}

/**
 * Replaces what one node told of a block by what enough of them tell, in one transaction: all of it is taken back, and told
 * anew. The cursor stays where it is. So a node's false receipt is mended by itself.
 */
export async function correctBlock(deps: WatcherDeps, chain: Chain, correction: Correction): Promise<void> {
  const { block, cursor } = correction;
  deps.log.warn({ chainId: cursor.chainId, height: block.height }, 'a block was read wrongly: corrected');
  const { tokens } = await findConcerned(deps, chain, correction);
  // Who came later has marks that this block says nothing about.
  const undoing = { height: block.height, watchedAt: block.height - 1 };
  const [before, readings, heldBelow] = await Promise.all([
    readBefore(chain, block, tokens),
    readBalances(chain, block.hash, tokens),
    readHeldBelow(deps, chain, undoing),
  ]);
  const changes = changesBetween(before, readings);
  // What a wallet holds by now is asked for by command: only the moves of this block were read.
  const unread = { readings: new Map(), counts: [], finalized: cursor.finalizedHeight };
  const deepening = { ...NONE_DEEPER, chainId: cursor.chainId };
  const prepared = { ...correction, ...unread, chain, changes, deepening, undoing, heldBelow };
  await deps.store
    .system('chain_watcher')
    .transaction((tx) => writeCorrection(deps, tx, prepared), { isolation: 'read committed' });
}

async function writeCorrection(
  deps: WatcherDeps,
  tx: Tx,
  prepared: Prepared & Pick<Correction, 'leaseMs'> & Pick<TakenBack, 'undoing' | 'heldBelow'>,
): Promise<void> {
  const { block, chain, cursor, leaseMs, undoing, heldBelow } = prepared;
  const moved = await moveCursor(tx, { from: cursor, to: cursor, leaseMs });
  if (moved === undefined || !(await isOurs(tx, cursor, block))) return;
  const taken = await takeBack(deps, tx, { chain, undoing, heldBelow, seenFrom: cursor.height });
  deps.outbox.add(tx, [...taken, ...(await writeEffects(deps, tx, { ...prepared, moved }))]);
}

/** A block that is found meanwhile on another fork is none to write down: the follower undoes ours first. */
async function isOurs(tx: Tx, { chainId, height }: CursorState, block: Block): Promise<boolean> {
  const stored = await findBlock(tx, chainId, block.height);
  return block.height <= height && (stored === undefined || stored.hash === block.hash);
}
