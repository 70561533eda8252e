import { branded, type TenantId } from '@ironforge/kernel';
import { recounted } from '@ironforge/tx-core';
import type { Tx } from '@ironforge/store';
import type { Quote, QuoteQuestion } from '../asks/quote.ts';
import type { OrchestratorDeps } from '../deps.ts';
import { closeFilled, openGap, unfilledGaps } from '../lanes/gaps.ts';
import { findFront, sendWindow } from '../lanes/send-window.ts';
import { findLane, type LaneKey, lockLane, type LockedLane, updateLane } from '../queries/nonce-lanes.ts';
import { findSlotsFrom } from '../queries/nonce-slots.ts';
import { readNow } from '../queries/now.ts';
import { createDueAgain, type DueAgain } from './due-again.ts';
import { eachLane, nameOf, OWN_CAUSE, type SweepDeps } from './each-place.ts';
import { lanesThatWait } from './lanes-that-wait.ts';
import { createRoundQuotes, type RoundQuotes } from './round-quotes.ts';

/** What waits without a gap that we know of may wait for one that we do not know of: then the chain is asked. */
const RECOUNT_AFTER_MS = 10_000;

/**
 * Makes the sweep that opens a task for each nonce that nobody signs for while signed bytes wait above it. Every lane has its
 * turn. One that waits for long is counted anew: its count may come from a node that was wrong.
 */
export function createGapFiller(): (deps: SweepDeps) => Promise<void> {
  const recounts = createDueAgain(RECOUNT_AFTER_MS, () => performance.now());
  return async (deps) => {
    const round = { recounts, quotes: createRoundQuotes(deps) };
    for await (const lanes of lanesThatWait(deps))
      await eachLane(deps, waitingOf(lanes, recounts), (lane) => lookAt(deps, lane, round));
    recounts.endRound();
  };
}

interface Round {
  readonly recounts: DueAgain;
  readonly quotes: RoundQuotes;
}

interface Waiting extends LaneKey {
  /** It waits for so long that it is to be counted anew. */
  readonly isDue: boolean;
}

/** All of them are asked for, also those that this round leaves out: they wait on. */
function waitingOf(lanes: readonly LaneKey[], recounts: DueAgain): readonly Waiting[] {
  return lanes.map((lane) => ({ ...lane, isDue: recounts.isDue(nameOf(lane)) }));
}

async function lookAt(deps: OrchestratorDeps, lane: Waiting, { recounts, quotes }: Round): Promise<void> {
  if (quotes.isSilent(lane.chainId)) return;
  if (!lane.isDue && !(await hasGap(deps, lane))) return;
  await fill(deps, lane, await quotes.ask(questionOf(deps, lane)));
  recounts.done(nameOf(lane));
}

/** Looked at before the chain is asked and the lane is locked, since most that is held back waits for a lease. */
async function hasGap({ store }: OrchestratorDeps, key: LaneKey): Promise<boolean> {
  return await store.forTenant(branded<TenantId>(key.tenantId)).transaction(
    async (tx) => {
      const lane = await findLane(tx, key);
      return lane !== undefined && (await unfilledGaps(tx, lane, await readNow(tx))).length > 0;
    },
    { isolation: 'read committed' },
  );
}

function questionOf({ chainById }: OrchestratorDeps, { chainId, address }: LaneKey): QuoteQuestion {
  const { nativeAssetId } = chainById(chainId);
  return { chainId, from: address, to: address, assetId: nativeAssetId, amount: '0' };
}

async function fill(deps: OrchestratorDeps, key: LaneKey, quote: Quote): Promise<void> {
  await deps.withLane(key, async (tx) => {
    const stored = await lockLane(tx, key);
    if (stored === undefined) return;
    const lane = await recount(deps, tx, { lane: stored, quote });
    const now = await readNow(tx);
    for (const nonce of await unfilledGaps(tx, lane, now))
      await openGap(deps, tx, { lane, nonce, quote, cause: OWN_CAUSE, now });
  });
}

interface Recount {
  readonly lane: LockedLane;
  readonly quote: Quote;
}

/** The lane with the count that the chain told; what it held back or took for a gap by another count is set right. */
async function recount(deps: OrchestratorDeps, tx: Tx, { lane, quote }: Recount): Promise<LockedLane> {
  const minedCount = recounted(await findSlotsFrom(tx, lane, quote.minedCount), quote.minedCount);
  if (minedCount === lane.minedCount) return lane;
  const moved = { ...lane, minedCount };
  updateLane(tx, moved);
  await closeFilled(deps, tx, { lane: moved, cause: OWN_CAUSE });
  await sendWindow(deps, tx, { lane: moved, front: await findFront(tx, moved), cause: OWN_CAUSE });
  return moved;
}
