import { branded, present, type TenantId } from '@ironforge/kernel';
import type { Tx } from '@ironforge/store';
import { type AttemptState, type Intent, prevailing } from '@ironforge/tx-core';
import type { Quote } from '../asks/quote.ts';
import type { OrchestratorDeps } from '../deps.ts';
import { addReplacement, replacementOffer } from '../lanes/add-replacement.ts';
import { laneOf } from '../lanes/payload-order.ts';
import { lockLane } from '../queries/nonce-lanes.ts';
import { listHeldBack, type RequestPlace } from '../queries/overdue-requests.ts';
import { findRequest, lockRequest, type RequestRow } from '../queries/tx-requests.ts';
import { attemptIntent } from '../requests/attempts.ts';
import { type RequestView, viewWith } from '../requests/view.ts';
import { BATCH, eachPlace, OWN_CAUSE, type SweepDeps } from './each-place.ts';
import { createRoundQuotes, type RoundQuotes } from './round-quotes.ts';

/**
 * Offers signers the cancel of each payment that is held back since its validity ended: its signed bytes are never sent, and
 * nothing above its nonce is mined before that is spent. The chains have their turn beside each other: one that hangs holds up no
 * other, however much waits on it.
 */
export async function takeBackLate(deps: SweepDeps): Promise<void> {
  const quotes = createRoundQuotes(deps);
  const chains = await deps.store
    .system('request_sweeper')
    .transaction((tx) => listByChain(deps, tx), { isolation: 'read committed' });
  const work = (place: Held) => takeBack(deps, place, quotes);
  await Promise.all(chains.map((places) => eachPlace(deps, places, work)));
}

interface Held extends RequestPlace {
  readonly chainId: string;
}

/** So many of each chain, asked for together. */
async function listByChain({ chainIds, passedOver }: SweepDeps, tx: Tx): Promise<Held[][]> {
  const except = passedOver.names();
  return await Promise.all(
    chainIds.map(async (chainId) => {
      const places = await listHeldBack(tx, { chainId, except, count: BATCH });
      return places.map((place) => ({ ...place, chainId }));
    }),
  );
}

async function takeBack(
  deps: OrchestratorDeps,
  { tenantId, id, chainId }: Held,
  quotes: RoundQuotes,
): Promise<void> {
  if (quotes.isSilent(chainId)) return;
  const seen = await deps.store
    .forTenant(branded<TenantId>(tenantId))
    .read((tx) => findRequest(tx, tenantId, { id, ownerId: null }));
  if (seen === undefined || !isHeldBack(seen)) return;
  const quote = await quotes.ask(cancelOf(deps, seen));
  const lane = laneOf(seen);
  await deps.withLane(lane, async (tx) => {
    await lockLane(tx, lane);
    const locked = lockRequest(tx, tenantId, id).then((row) => present(row, 'a request'));
    await offerCancel(deps, tx, { view: await viewWith(tx, { tenantId, id }, locked), quote });
  });
}

interface Late {
  readonly view: RequestView;
  readonly quote: Quote;
}

async function offerCancel(deps: OrchestratorDeps, tx: Tx, { view, quote }: Late): Promise<void> {
  if (!isHeldBack(view.row)) return;
  const offer = replacementOffer(deps, { view, kind: 'cancel', quote, feeCeiling: null });
  await addReplacement(deps, tx, { view, offer, judgement: null, cause: OWN_CAUSE, requestedBy: null });
}

/** As `listHeldBack` finds it, and its nonce is not spent; looked at again behind the lock, since somebody may have asked for a cancel meanwhile. */
function isHeldBack({ status, reason, state }: RequestRow): boolean {
  const isUnspent = prevailing(state.sightings).winner === null;
  const isUnderWay = status === 'signed' || status === 'broadcasted';
  const isWaiting = isUnderWay && reason === 'validity_passed' && isUnspent;
  return isWaiting && !state.attempts.some(({ kind, state: at }) => kind === 'cancel' && OPEN.includes(at));
}

const OPEN: readonly AttemptState[] = ['offered', 'signed', 'sent'];

function cancelOf(deps: OrchestratorDeps, row: RequestRow): Intent {
  return attemptIntent(deps, row, { kind: 'cancel', feeCeiling: row.fee_ceiling });
}
