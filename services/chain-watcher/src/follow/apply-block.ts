import type { Cursor } from '@ironforge/chain-core';
import type { Tx } from '@ironforge/store';
import type { Chain } from '../chains.ts';
import type { WatcherDeps } from '../deps.ts';
import { forgetFinalReads } from '../queries/balance-reads.ts';
import { deleteBlocksBelow, insertBlock } from '../queries/chain-blocks.ts';
import { type CursorState, moveCursor } from '../queries/chain-cursors.ts';
import { changesBetween, readBalances, readBefore } from './balances.ts';
import { correctBlock } from './correct-block.ts';
import { deepeningBy, finalizedAfter } from './depths.ts';
import { type Coming, type Concerned, findConcerned } from './find-concerned.ts';
import { isContested } from './fork.ts';
import { readAgain } from './read-again.ts';
import { readCounts } from './skipped-nonces.ts';
import { type Prepared, writeEffects } from './write-effects.ts';

/** A block to put on top of the cursor, with what the leader knows. */
export interface NextBlock extends Coming {
  readonly isBehind: boolean;
  readonly leaseMs: number;
}

/**
 * What came of a block: it was applied; or nothing of it was written, because another process leads or moved the cursor, or an
 * earlier block had to be corrected first; or because endpoints show another block where one of ours was about to count.
 */
export type Applied =
  | { readonly state: 'applied'; readonly cursor: CursorState }
  | { readonly state: 'again' }
  | { readonly state: 'contested'; readonly ours: Cursor };

/** Applies one block in one transaction: cursor, hashes, transfers, nonces, watches, messages. Balances are read before it. */
export async function applyBlock(deps: WatcherDeps, chain: Chain, next: NextBlock): Promise<Applied> {
  const concerned = await findConcerned(deps, chain, next);
  const { passing: ours, spent } = concerned;
  if (ours !== null && (await isContested(chain, ours))) return { state: 'contested', ours };
  const otherwise = await readAgain(chain, spent);
  if (otherwise !== null) {
    await correctBlock(deps, chain, { ...next, block: otherwise });
    return { state: 'again' };
  }
  const prepared = await prepare(chain, next, concerned);
  const moved = await deps.store
    .system('chain_watcher')
    .transaction((tx) => writeBlock(deps, tx, prepared), { isolation: 'read committed' });
  if (moved === undefined) return { state: 'again' };
  deps.telemetry.blockApplied(chain.config.chainId);
  return { state: 'applied', cursor: moved };
}

type Ready = Prepared & Pick<NextBlock, 'isBehind' | 'leaseMs'>;

async function prepare(
  chain: Chain,
  next: NextBlock,
  { touched, tokens, uncounted }: Concerned,
): Promise<Ready> {
  const { hash } = next.block;
  const [readings, before, counts] = await Promise.all([
    readBalances(chain, hash, touched),
    readBefore(chain, next.block, tokens),
    readCounts(chain, hash, uncounted),
  ]);
  const changes = changesBetween(before, readings);
  const finalized = finalizedAfter(chain, next);
  const deepening = deepeningBy(chain, next, finalized);
  return { ...next, chain, readings, changes, counts, finalized, deepening };
}

async function writeBlock(deps: WatcherDeps, tx: Tx, ready: Ready): Promise<CursorState | undefined> {
  const { block, chain, cursor, finalized, leaseMs } = ready;
  const { height, hash, time: blockTime } = block;
  const status = ready.isBehind ? 'behind' : 'following';
  const to = { height, hash, blockTime, finalizedHeight: finalized, status } as const;
  const moved = await moveCursor(tx, { from: cursor, to, leaseMs });
  if (moved === undefined) return undefined;
  await insertBlock(tx, chain.config.chainId, block);
  if (height % FORGET_EVERY_BLOCKS === 0) await forget(tx, chain.config.chainId, finalized);
  deps.outbox.add(tx, await writeEffects(deps, tx, { ...ready, moved }));
  return moved;
}

async function forget(tx: Tx, chainId: string, finalized: number): Promise<void> {
  await deleteBlocksBelow(tx, chainId, finalized - KEPT_BELOW_FINALITY);
  await forgetFinalReads(tx, chainId, finalized - KEPT_BELOW_FINALITY);
}

/** Hashes of final blocks are forgotten every so many blocks. */
const FORGET_EVERY_BLOCKS = 100;
/** So many are kept below finality, for the day on which somebody has to allow that final blocks are undone. */
const KEPT_BELOW_FINALITY = 1_000;
