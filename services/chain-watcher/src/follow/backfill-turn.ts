import { type Block, depthOf } from '@ironforge/chain-core';
import type { Tx } from '@ironforge/store';
import type { Chain } from '../chains.ts';
import type { WatcherDeps } from '../deps.ts';
import { causeOfChain } from '../messages.ts';
import { advanceBackfills, type Backfill, type Standing } from '../queries/backfills.ts';
import { type CursorState, holdCursor } from '../queries/chain-cursors.ts';
import { quarantine } from '../queries/quarantined-transfers.ts';
import { insertTransactions } from '../queries/transactions.ts';
import { findAttemptsByHash } from '../queries/watch-attempts.ts';
import { findWatchedAssets } from '../queries/watched-assets.ts';
import { changesBetween, readBalances, readBefore } from './balances.ts';
import { bookDifferences, type Changes } from './book-differences.ts';
import { isOurs } from './is-ours.ts';
import { assetsOf, type Inclusion, planTransactions, touchedBy, type Watched } from './plan-block.ts';
import { planQuarantine, QUARANTINED_PER_WALLET } from './plan-quarantine.ts';

/** So many blocks are read in one turn, so that no turn takes long. */
const BLOCKS_PER_TURN = 16;

/** Where we stand, and whose turn it is. */
export interface BackfillTurn {
  readonly cursor: CursorState;
  readonly choose: (tx: Tx, chainId: string) => Promise<Standing>;
}

/**
 * One turn of reading older blocks for wallets that came later. One reading serves all that stand at the same height; what is
 * found and how far it was read are one transaction, so a restart goes on there. A transfer that is known already stays as it
 * is. True when there is more to do.
 */
export async function backfillTurn(
  deps: WatcherDeps,
  chain: Chain,
  { cursor, choose }: BackfillTurn,
): Promise<boolean> {
  const { standing, following } = await system(deps).transaction(
    (tx) => choose(tx, cursor.chainId),
    READ_COMMITTED,
  );
  const from = Number(standing[0]?.next_height ?? cursor.height + 1);
  const last = Math.max(...standing.map(({ to_height }) => Number(to_height)));
  const end = Math.min(from + BLOCKS_PER_TURN, last + 1, cursor.height + 1, following ?? Infinity);
  if (end <= from) return false;
  const blocks = await chain.node.blocksFrom(from, end - from);
  const known = await Promise.all(blocks.map((block) => readBlockFor(deps, chain, { block, standing })));
  return await system(deps).transaction(
    (tx) => write(deps, tx, { chain, standing, from, known }),
    READ_COMMITTED,
  );
}

interface ReadBlock {
  readonly block: Block;
  readonly watched: Watched;
  readonly changes: Changes;
}

/** A block with what of it concerns these wallets; balances of long ago are known to some nodes only. */
async function readBlockFor(
  deps: WatcherDeps,
  chain: Chain,
  { block, standing }: { readonly block: Block; readonly standing: readonly Backfill[] },
): Promise<ReadBlock> {
  const { chainId, nativeAssetId } = chain.config;
  const hashes = block.transactions.map(({ hash }) => hash);
  const watched = await system(deps).transaction(
    async (tx) => ({
      addresses: standing.filter(({ to_height }) => Number(to_height) >= block.height),
      assets: await findWatchedAssets(tx, chainId, assetsOf(block)),
      attempts: await findAttemptsByHash(tx, chainId, hashes),
    }),
    READ_COMMITTED,
  );
  const rows = planTransactions(block, watched, inclusionOf(deps, chain, 'confirmed'));
  const tokens = touchedBy(rows, nativeAssetId).filter(({ asset_id }) => asset_id !== nativeAssetId);
  const [before, after] = await Promise.all([
    readBefore(chain, block, tokens),
    readBalances(chain, block.hash, tokens),
  ]);
  return { block, watched, changes: changesBetween(before, after) };
}

interface Chunk {
  readonly chain: Chain;
  readonly standing: readonly Backfill[];
  readonly from: number;
  readonly known: readonly ReadBlock[];
}

/**
 * The cursor is held: a block that is not ours any more is read again when the chain has settled, and at once where a token began
 * to be followed meanwhile, which was kept apart before that.
 */
async function write(deps: WatcherDeps, tx: Tx, { chain, standing, from, known }: Chunk): Promise<boolean> {
  const cursor = await holdCursor(tx, chain.config.chainId);
  if (cursor === undefined || known.length === 0) return false;
  for (const { block } of known) if (!(await isOurs(tx, cursor, block))) return false;
  if (await hasNewAssets(tx, chain, known)) return true;
  const ids = standing.map(({ id }) => id);
  const moved = new Set(await advanceBackfills(tx, ids, { from, to: from + known.length }));
  const served = new Set(standing.filter(({ id }) => moved.has(id)).map(({ wallet_id }) => wallet_id));
  for (const read of known) await writeOne(deps, tx, { ...read, chain, cursor, served });
  return true;
}

async function hasNewAssets(tx: Tx, { config }: Chain, known: readonly ReadBlock[]): Promise<boolean> {
  const seen = known.map(({ block, watched }) => ({ assetIds: new Set(assetsOf(block)), watched }));
  const all = [...new Set(seen.flatMap(({ assetIds }) => [...assetIds]))];
  const now = await findWatchedAssets(tx, config.chainId, all);
  const countIn = (assetIds: ReadonlySet<string>) =>
    now.filter(({ asset_id }) => assetIds.has(asset_id)).length;
  return seen.some(({ assetIds, watched }) => countIn(assetIds) > watched.assets.length);
}

async function writeOne(
  deps: WatcherDeps,
  tx: Tx,
  { block, watched, changes, chain, cursor, served }: ReadBlock & Pick<Chunk, 'chain'> & Serving,
): Promise<void> {
  const { chainId, height, finalizedHeight: finalized } = cursor;
  const view = { head: height, finalized };
  const depth = depthOf(block.height, view, chain.config.confirmations);
  const inclusion = inclusionOf(deps, chain, depth);
  const addresses = watched.addresses.filter(({ wallet_id }) => served.has(wallet_id));
  const concerned = { ...watched, addresses };
  const rows = bookDifferences(planTransactions(block, concerned, inclusion), changes);
  const inserted = await insertTransactions(tx, rows);
  await quarantine(tx, planQuarantine(block, concerned, inclusion), QUARANTINED_PER_WALLET);
  const seen = { chainId, height, finalized, cause: causeOfChain(chainId) };
  const deposits = inserted.filter(({ direction }) => direction === 'in');
  deps.outbox.add(
    tx,
    deposits.map((row) => deps.messages.depositObserved(seen, row)),
  );
}

interface Serving {
  readonly cursor: CursorState;
  readonly served: ReadonlySet<string>;
}

function inclusionOf({ newId, clock }: WatcherDeps, { config }: Chain, depth: Inclusion['depth']): Inclusion {
  const { chainId, nativeAssetId } = config;
  return { chainId, nativeAssetId, depth, newId, now: clock() };
}

const READ_COMMITTED = { isolation: 'read committed' } as const;

function system({ store }: WatcherDeps) {
  return store.system('chain_watcher');
}
