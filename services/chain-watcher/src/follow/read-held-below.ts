import type { Cursor } from '@ironforge/chain-core';
import type { Chain } from '../chains.ts';
import type { WatcherDeps } from '../deps.ts';
import { findLoneMarks, type HeldAmount, type MarksFrom } from '../queries/balance-marks.ts';
import { findBlock } from '../queries/chain-blocks.ts';
import { readBalances } from './balances.ts';
import { holdingKey } from './plan-block.ts';

/** So many are read at most, so that undoing a block takes not long. */
const MOST = 1_000;

/** What was held right after a block that stays. */
export interface HeldBelow {
  readonly height: number;
  readonly held: readonly HeldAmount[];
}

const NONE: HeldBelow = { height: 0, held: [] };

/** From which height marks are undone, and when wallets had to be watched for theirs to be: others it says nothing about. */
export type Undoing = Pick<MarksFrom, 'height' | 'watchedAt'>;

/**
 * What was held right after the newest block below a height that the node has as well, of the balances that have marks there or
 * above alone. It becomes their mark when these are undone, for a first mark explains nothing: what a contract pays in the
 * block that comes instead would be taken for what had been there before.
 */
export async function readHeldBelow(deps: WatcherDeps, chain: Chain, undoing: Undoing): Promise<HeldBelow> {
  const { chainId } = chain.config;
  const lone = await system(deps).transaction(
    (tx) => findLoneMarks(tx, { chainId, ...undoing, count: MOST }),
    READ_COMMITTED,
  );
  if (lone.length === 0) return NONE;
  const shared = await findShared(deps, chain, undoing.height - 1);
  if (shared === undefined) return NONE;
  const readings = await readBalances(chain, shared.hash, lone);
  const held = lone.flatMap((holding) => {
    const amount = readings.get(holdingKey(holding));
    return amount === undefined ? [] : [{ ...holding, amount }];
  });
  return { height: shared.height, held };
}

/** The newest block that the node has, too; undefined where none is kept that far down. */
async function findShared(
  deps: WatcherDeps,
  { config, node }: Chain,
  from: number,
): Promise<Cursor | undefined> {
  for (let height = from; ; height--) {
    const ours = await system(deps).transaction(
      (tx) => findBlock(tx, config.chainId, height),
      READ_COMMITTED,
    );
    if (ours === undefined || ours.hash === (await node.hashAt(height))) return ours;
  }
}

const READ_COMMITTED = { isolation: 'read committed' } as const;

function system({ store }: WatcherDeps) {
  return store.system('chain_watcher');
}
