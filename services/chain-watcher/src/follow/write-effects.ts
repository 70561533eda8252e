import type { EventMessage } from '@ironforge/service-kit';
import type { Block } from '@ironforge/chain-core';
import type { Tx } from '@ironforge/store';
import type { Chain } from '../chains.ts';
import type { WatcherDeps } from '../deps.ts';
import { causeOfChain, type Seen } from '../messages.ts';
import type { CursorState } from '../queries/chain-cursors.ts';
import type { MinedCount } from '../queries/mined-counts.ts';
import { quarantine } from '../queries/quarantined-transfers.ts';
import { type Deepening, deepenSpentNonces, upsertSpentNonces } from '../queries/spent-nonces.ts';
import { deepenTransactions, type StoredTransaction, upsertTransactions } from '../queries/transactions.ts';
import { deepenWatches, winWatches } from '../queries/watches.ts';
import { type Readings, readPending } from './balances.ts';
import { bookDifferences, type Changes } from './book-differences.ts';
import { inclusionOf } from './depths.ts';
import { findWatched } from './find-watched.ts';
import {
  distinct,
  holdingKey,
  placeOf,
  planSpentNonces,
  planTransactions,
  planWins,
  type Touched,
  touchedBy,
} from './plan-block.ts';
import { planQuarantine, QUARANTINED_PER_WALLET } from './plan-quarantine.ts';
import { noteSkippedNonces } from './skipped-nonces.ts';
import { tellSpent } from './tell-spent.ts';

/** What of a block is known before its transaction. */
export interface Prepared {
  readonly chain: Chain;
  readonly block: Block;
  /** Where the cursor stood before. */
  readonly cursor: CursorState;
  readonly readings: Readings;
  readonly changes: Changes;
  readonly counts: readonly MinedCount[];
  readonly finalized: number;
  readonly deepening: Deepening;
}

/** Writes down what a block changes, and gives what is to be said of it, as seen from where the cursor stands now. */
export async function writeEffects(
  deps: WatcherDeps,
  tx: Tx,
  prepared: Prepared & { readonly moved: CursorState },
): Promise<EventMessage[]> {
  const { block, chain, deepening, moved } = prepared;
  const { nativeAssetId } = chain.config;
  const watched = await findWatched(tx, chain, block);
  const inclusion = inclusionOf(deps, chain, prepared);
  const rows = bookDifferences(planTransactions(block, watched, inclusion), prepared.changes);
  const deeper = await deepenTransactions(tx, deepening);
  const shown = await upsertTransactions(tx, rows);
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
  const seen = { ...seenFrom(moved), finalized: prepared.finalized };
  const passing = depositsAmong(deeper).filter((row) => Number(row.block_height) >= deepening.confirmedAt);
  const touched = distinct([...touchedBy(rows, nativeAssetId), ...passing.map(holdingOf)]);
  return [
    ...depositsAmong([...deeper, ...shown]).map((row) => deps.messages.depositObserved(seen, row)),
    ...tellSpent(deps.messages, seen, { spent, observed }),
    ...(await tellBalances(deps, tx, { ...prepared, touched })),
  ];
}

function depositsAmong(rows: readonly StoredTransaction[]): StoredTransaction[] {
  return rows.filter(({ direction }) => direction === 'in');
}

function holdingOf(row: StoredTransaction): Touched {
  return { ...placeOf(row), asset_id: row.asset_id };
}

type Told = Pick<Prepared, 'chain' | 'block' | 'readings'> & {
  readonly moved: CursorState;
  readonly touched: readonly Touched[];
};

/** Balances that were read are told; those that could not be are asked for again. */
async function tellBalances(
  { messages }: WatcherDeps,
  tx: Tx,
  { chain, block, moved, touched, readings }: Told,
): Promise<EventMessage[]> {
  if (touched.length === 0) return [];
  const seen = seenFrom(moved);
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

function seenFrom({ chainId, height }: CursorState): Seen {
  return { chainId, height, cause: causeOfChain(chainId) };
}
