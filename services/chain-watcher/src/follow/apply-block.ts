import type { Block } from '@ironforge/chain-core';
import type { EventMessage } from '@ironforge/service-kit';
import type { Tx } from '@ironforge/store';
import type { Chain } from '../chains.ts';
import type { WatcherDeps } from '../deps.ts';
import { causeOfChain, type Seen } from '../messages.ts';
import { deleteBlocksBelow, findBlock, insertBlock } from '../queries/chain-blocks.ts';
import { type CursorState, moveCursor } from '../queries/chain-cursors.ts';
import { findUncounted, type MinedCount } from '../queries/mined-counts.ts';
import {
  type Deepening,
  deepenSpentNonces,
  findPassingUpTo,
  type Passing,
  upsertSpentNonces,
} from '../queries/spent-nonces.ts';
import { quarantine } from '../queries/quarantined-transfers.ts';
import {
  deepenTransactions,
  findPendingAt,
  type StoredTransaction,
  upsertTransactions,
} from '../queries/transactions.ts';
import { findAttemptsByHash } from '../queries/watch-attempts.ts';
import { findWatchedAddresses } from '../queries/watched-addresses.ts';
import { findWatchedAssets } from '../queries/watched-assets.ts';
import { deepenWatches, winWatches } from '../queries/watches.ts';
import { changesBetween, type Readings, readBalances, readPending } from './balances.ts';
import { bookDifferences, type Changes } from './book-differences.ts';
import { deepeningBy, finalizedAfter, inclusionOf, NONE_DEEPER, passingHeight } from './depths.ts';
import { planQuarantine, QUARANTINED_PER_WALLET } from './plan-quarantine.ts';
import { readAgain } from './read-again.ts';
import { noteSkippedNonces, readCounts } from './skipped-nonces.ts';
import { tellSpent } from './tell-spent.ts';
import { takeBack } from './undo-block.ts';
import {
  addressesOf,
  assetsOf,
  distinct,
  holdingKey,
  placeOf,
  planSpentNonces,
  planTransactions,
  planWins,
  type Touched,
  touchedBy,
  type Watched,
} from './plan-block.ts';

/** A block to put on top of the cursor, with what the leader knows. */
export interface NextBlock {
  readonly block: Block;
  readonly cursor: CursorState;
  /** The chain's own finalized height; null where depth decides. */
  readonly finalizedTag: number | null;
  readonly isBehind: boolean;
  /** The newest of those that were read: what is asked of the present is asked of it alone. */
  readonly isNewest: boolean;
  readonly leaseMs: number;
}

/** The work of one block that is known before its transaction. */
interface Prepared extends NextBlock {
  readonly chain: Chain;
  readonly readings: Readings;
  readonly changes: Changes;
  readonly counts: readonly MinedCount[];
  readonly finalized: number;
  readonly deepening: Deepening;
}

/** Hashes of final blocks are forgotten every so many blocks. */
const FORGET_EVERY_BLOCKS = 100;
/** So many are kept below finality, for the day on which somebody has to allow that final blocks are undone. */
const KEPT_BELOW_FINALITY = 1_000;

/**
 * Applies one block in one transaction: cursor, hashes, transfers, nonces, watches, messages. Balances are read before it.
 * Undefined when another process leads or moved the cursor, or when an earlier block had to be corrected first: then nothing
 * of this one was written.
 */
export async function applyBlock(
  deps: WatcherDeps,
  chain: Chain,
  next: NextBlock,
): Promise<CursorState | undefined> {
  const { touched, tokens, spent, uncounted } = await findConcerned(deps, chain, next);
  const otherwise = await readAgain(chain, spent);
  if (otherwise !== null) {
    await correctBlock(deps, chain, { ...next, block: otherwise });
    return undefined;
  }
  const [readings, before, counts] = await Promise.all([
    readBalances(chain, next.block.hash, touched),
    readBalances(chain, next.block.parentHash, tokens),
    readCounts(chain, next.block.hash, uncounted),
  ]);
  const changes = changesBetween(before, readings);
  const finalized = finalizedAfter(chain, next);
  const deepening = deepeningBy(chain, next, finalized);
  const prepared = { ...next, chain, readings, changes, counts, finalized, deepening };
  const moved = await deps.store
    .system('chain_watcher')
    .transaction((tx) => writeBlock(deps, tx, prepared), { isolation: 'read committed' });
  if (moved !== undefined) deps.telemetry.blockApplied(chain.config.chainId, moved.height);
  return moved;
}

/**
 * Replaces what one node told of a block by what enough of them tell, in one transaction: all of it is taken back, and told
 * anew. The cursor stays where it is. So a node's false receipt is mended by itself.
 */
async function correctBlock(deps: WatcherDeps, chain: Chain, next: NextBlock): Promise<void> {
  const { block, cursor, leaseMs } = next;
  deps.log.warn({ chainId: cursor.chainId, height: block.height }, 'a block was read wrongly: corrected');
  const { tokens } = await findConcerned(deps, chain, next);
  const [before, readings] = await Promise.all([
    readBalances(chain, block.parentHash, tokens),
    readBalances(chain, block.hash, tokens),
  ]);
  const changes = changesBetween(before, readings);
  // What a wallet holds by now is asked for by command: only the moves of this block were read.
  const unread = { readings: new Map(), counts: [], finalized: cursor.finalizedHeight };
  const deepening = { ...NONE_DEEPER, chainId: cursor.chainId };
  const prepared = { ...next, ...unread, chain, changes, deepening };
  await deps.store.system('chain_watcher').transaction(
    async (tx) => {
      const moved = await moveCursor(tx, { from: cursor, to: cursor, leaseMs });
      if (moved === undefined || !(await isOurs(tx, cursor, block))) return;
      const taken = await takeBack(deps, tx, { chain, height: block.height });
      const { touched, messages } = await writeEffects(deps, tx, prepared);
      const balances = await tellBalances(deps, tx, { ...prepared, moved, touched });
      deps.outbox.add(tx, [...taken, ...messages, ...balances]);
    },
    { isolation: 'read committed' },
  );
}

/** A block that is found meanwhile on another fork is none to write down: the follower undoes ours first. */
async function isOurs(tx: Tx, { chainId, height }: CursorState, block: Block): Promise<boolean> {
  const stored = await findBlock(tx, chainId, block.height);
  return block.height <= height && (stored === undefined || stored.hash === block.hash);
}

interface Concerned {
  readonly touched: readonly Touched[];
  readonly tokens: readonly Touched[];
  /** Nonces that count from this block on. */
  readonly spent: readonly Passing[];
  readonly uncounted: readonly string[];
}

/** A guess at what the block changes, to ask the node by; the truth is found inside the transaction. */
async function findConcerned(deps: WatcherDeps, chain: Chain, next: NextBlock): Promise<Concerned> {
  const { block, isNewest } = next;
  const { chainId, nativeAssetId } = chain.config;
  const passing = passingHeight(chain, block);
  return await deps.store.system('chain_watcher').transaction(
    async (tx) => {
      const rows = planTransactions(
        block,
        await findWatched(tx, chain, block),
        inclusionOf(deps, chain, next),
      );
      const pending = await findPendingAt(tx, chainId, passing);
      const spent = await findPassingUpTo(tx, chainId, Math.max(passing, finalizedAfter(chain, next)));
      const uncounted = isNewest ? await findUncounted(tx, chainId) : [];
      const moved = touchedBy(rows, nativeAssetId);
      const tokens = moved.filter(({ asset_id }) => asset_id !== nativeAssetId);
      return { touched: [...moved, ...pending], tokens, spent, uncounted };
    },
    { isolation: 'read committed' },
  );
}

async function writeBlock(deps: WatcherDeps, tx: Tx, prepared: Prepared): Promise<CursorState | undefined> {
  const { block, chain, cursor, leaseMs } = prepared;
  const { height, hash, time: blockTime } = block;
  const status = prepared.isBehind ? 'behind' : 'following';
  const to = { height, hash, blockTime, finalizedHeight: prepared.finalized, status } as const;
  const moved = await moveCursor(tx, { from: cursor, to, leaseMs });
  if (moved === undefined) return undefined;
  await insertBlock(tx, chain.config.chainId, block);
  if (height % FORGET_EVERY_BLOCKS === 0)
    await deleteBlocksBelow(tx, chain.config.chainId, prepared.finalized - KEPT_BELOW_FINALITY);
  const { touched, messages } = await writeEffects(deps, tx, prepared);
  const balances = await tellBalances(deps, tx, { ...prepared, moved, touched });
  deps.outbox.add(tx, [...messages, ...balances]);
  return moved;
}

interface Effects {
  readonly touched: readonly Touched[];
  readonly messages: readonly EventMessage[];
}

async function writeEffects(deps: WatcherDeps, tx: Tx, prepared: Prepared): Promise<Effects> {
  const { block, chain, deepening } = prepared;
  const { nativeAssetId } = chain.config;
  const watched = await findWatched(tx, chain, block);
  const inclusion = inclusionOf(deps, chain, prepared);
  const rows = bookDifferences(planTransactions(block, watched, inclusion), prepared.changes);
  const deeper = await deepenTransactions(tx, deepening);
  const moved = await upsertTransactions(tx, rows);
  await quarantine(tx, planQuarantine(block, watched, inclusion), QUARANTINED_PER_WALLET);
  const spent = [
    ...(await deepenSpentNonces(tx, deepening)),
    ...(await upsertSpentNonces(tx, planSpentNonces(block, watched, inclusion))),
    ...(await noteSkippedNonces(tx, { block, watched, inclusion, counts: prepared.counts })),
  ];
  const observed = [
    ...(await deepenWatches(tx, deepening)),
    ...(await winWatches(tx, planWins(block, watched, inclusion))),
  ];
  const seen = { ...seenAt(chain, block), finalized: prepared.finalized };
  const messages = [
    ...depositsAmong([...deeper, ...moved]).map((row) => deps.messages.depositObserved(seen, row)),
    ...tellSpent(deps.messages, seen, { spent, observed }),
  ];
  const passing = depositsAmong(deeper).filter((row) => Number(row.block_height) >= deepening.confirmedAt);
  return { touched: distinct([...touchedBy(rows, nativeAssetId), ...passing.map(holdingOf)]), messages };
}

function depositsAmong(rows: readonly StoredTransaction[]): StoredTransaction[] {
  return rows.filter(({ direction }) => direction === 'in');
}

function holdingOf(row: StoredTransaction): Touched {
  return { ...placeOf(row), asset_id: row.asset_id };
}

/** Balances that were read are told; those that could not be are asked for again. */
async function tellBalances(
  { messages }: WatcherDeps,
  tx: Tx,
  {
    chain,
    block,
    moved,
    touched,
    readings,
  }: Prepared & { readonly moved: CursorState } & Pick<Effects, 'touched'>,
): Promise<EventMessage[]> {
  if (touched.length === 0) return [];
  const seen = seenAt(chain, block);
  const pendingOf = await readPending(tx, chain, { height: block.height, holdings: touched });
  const unread = new Map<string, Touched>();
  const told = touched.flatMap((holding) => {
    const amount = readings.get(holdingKey(holding));
    if (amount === undefined) unread.set(`${holding.tenant_id} ${holding.wallet_id}`, holding);
    const rest = { pending: pendingOf(holding), blockHash: block.hash, version: moved.version };
    return amount === undefined ? [] : [messages.balanceObserved(seen, { ...holding, amount, ...rest })];
  });
  return [...told, ...[...unread.values()].map((holding) => messages.readBalances(seen, holding))];
}

async function findWatched(tx: Tx, { config: { chainId } }: Chain, block: Block): Promise<Watched> {
  return {
    addresses: await findWatchedAddresses(tx, chainId, addressesOf(block)),
    assets: await findWatchedAssets(tx, chainId, assetsOf(block)),
    attempts: await findAttemptsByHash(
      tx,
      chainId,
      block.transactions.map(({ hash }) => hash),
    ),
  };
}

function seenAt({ config: { chainId } }: Chain, { height }: Block): Seen {
  return { chainId, height, cause: causeOfChain(chainId) };
}
