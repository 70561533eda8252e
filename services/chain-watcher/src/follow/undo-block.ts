import type { Tx } from '@ironforge/store';
import { tellWentOn } from '../chain-news.ts';
import type { Chain } from '../chains.ts';
import type { WatcherDeps } from '../deps.ts';
import { causeOfChain } from '../messages.ts';
import { insertMarks, undoMarks } from '../queries/balance-marks.ts';
import { undoReads } from '../queries/balance-reads.ts';
import { forgetSweptBlock } from '../queries/balance-sweeps.ts';
import { deleteBlock, findBlock } from '../queries/chain-blocks.ts';
import { type CursorState, moveCursor } from '../queries/chain-cursors.ts';
import { lowerMinedCounts } from '../queries/mined-counts.ts';
import { undoSpentNonces } from '../queries/spent-nonces.ts';
import { undoQuarantine } from '../queries/quarantined-transfers.ts';
import { findDepositsAt, type StoredTransaction, undoTransactions } from '../queries/transactions.ts';
import { watchFromBelow } from '../queries/watched-addresses.ts';
import { undoWatches } from '../queries/watches.ts';
import { distinctPlaces, placeOf } from './plan-block.ts';
import { type HeldBelow, readHeldBelow, type Undoing } from './read-held-below.ts';

/** The newest block, about to be undone. */
export interface UndoneBlock {
  readonly cursor: CursorState;
  readonly leaseMs: number;
}

/**
 * Undoes the newest block in one transaction: cursor, hash, transfers, nonces, watches, messages. What lies below it keeps
 * its depth, for its own block still stands. The balances it touched are asked for again, by command, so that a restart
 * in the middle forgets none.
 * Undefined when another process leads or moved the cursor, or `floor` when the block below is not kept any more.
 */
export async function undoBlock(
  deps: WatcherDeps,
  chain: Chain,
  undone: UndoneBlock,
): Promise<CursorState | 'floor' | undefined> {
  const { height } = undone.cursor;
  const undoing = { height, watchedAt: height };
  const heldBelow = await readHeldBelow(deps, chain, undoing);
  const moved = await deps.store
    .system('chain_watcher')
    .transaction((tx) => writeUndo(deps, tx, { ...undone, chain, undoing, heldBelow }), {
      isolation: 'read committed',
    });
  if (moved !== undefined && moved !== 'floor') deps.telemetry.blockUndone(chain.config.chainId);
  return moved;
}

async function writeUndo(
  deps: WatcherDeps,
  tx: Tx,
  { cursor, leaseMs, ...taken }: UndoneBlock & Omit<TakenBack, 'seenFrom'>,
): Promise<CursorState | 'floor' | undefined> {
  const { chainId, height, finalizedHeight } = cursor;
  const below = await findBlock(tx, chainId, height - 1);
  if (below === undefined) return 'floor';
  const to = { ...below, finalizedHeight, status: 'behind' } as const;
  const moved = await moveCursor(tx, { from: cursor, to, leaseMs });
  if (moved === undefined) return undefined;
  await deleteBlock(tx, chainId, height);
  await watchFromBelow(tx, chainId, moved.height);
  deps.outbox.add(tx, await takeBack(deps, tx, { ...taken, seenFrom: moved.height }));
  if (cursor.status === 'stopped') await tellWentOn(deps, tx, moved);
  return moved;
}

/** A block whose effects are taken back, and where the cursor stands then. */
export interface TakenBack {
  readonly chain: Chain;
  readonly undoing: Undoing;
  readonly heldBelow: HeldBelow;
  readonly seenFrom: number;
}

/** Takes back what one block showed, and gives what is to be said of it. */
export async function takeBack(
  { messages }: WatcherDeps,
  tx: Tx,
  { chain, undoing, heldBelow, seenFrom }: TakenBack,
) {
  const { chainId, nativeAssetId, confirmations } = chain.config;
  const { height } = undoing;
  const seen = { chainId, height: seenFrom, cause: causeOfChain(chainId) };
  const spent = await undoSpentNonces(tx, chainId, height);
  await lowerMinedCounts(tx, chainId, spent);
  const watches = await undoWatches(tx, chainId, height);
  const undone = await undoTransactions(tx, chainId, height);
  await undoQuarantine(tx, chainId, height);
  await forgetSweptBlock(tx, chainId, height);
  const read = await undoReads(tx, chainId, height);
  const unmarked = await undoMarks(tx, { chainId, ...undoing });
  await insertMarks(tx, { chainId, nativeAssetId, height: heldBelow.height }, heldBelow.held);
  // What got its K confirmations by this block was told with its wallet's balance of this block.
  const passed = await findDepositsAt(tx, chainId, height - confirmations + 1);
  return [
    ...spent.map((row) => messages.nonceSpent(seen, row)),
    ...watches.map((watch) => messages.txObserved(seen, watch)),
    ...undone.filter(isDeposit).map((row) => messages.depositObserved({ ...seen, finalized: -1 }, row)),
    ...distinctPlaces([...undone.map(placeOf), ...unmarked, ...read, ...passed]).map((wallet) =>
      messages.readBalances(seen, wallet),
    ),
  ];
}

function isDeposit({ direction }: StoredTransaction): boolean {
  return direction === 'in';
}
