import { appError } from '@ironforge/contracts';
import { type AppError, present } from '@ironforge/kernel';
import { causeOfRequest } from '@ironforge/service-kit';
import type { Tx } from '@ironforge/store';
import { type Command, isTooLate, openOffer } from '@ironforge/tx-core';
import { feeOf, type Quote } from '../asks/quote.ts';
import type { OrchestratorDeps } from '../deps.ts';
import { type LaneKey, lockOrMakeLane } from '../queries/nonce-lanes.ts';
import { findSlot, findSlotsFrom } from '../queries/nonce-slots.ts';
import { findPolicyInForce } from '../queries/policies.ts';
import type { RequestRow } from '../queries/tx-requests.ts';
import { carryOut } from '../requests/carry-out.ts';
import { closedWallet } from '../requests/closed-wallet.ts';
import { decidedNow } from '../requests/decided-by.ts';
import { type Present, presentOf, recheck } from '../requests/recheck.ts';
import { denial, refusal } from '../requests/refusal.ts';
import { showPayload } from '../requests/show-payload.ts';
import { type RequestView } from '../requests/view.ts';
import { ceilingObjection, fundsObjection, leaseSecondsOf, type PayloadOrder } from './payload-order.ts';
import { endLeaseOf } from './end-lease.ts';
import { takeSlot } from './take-slot.ts';
import { lockView } from '../requests/find-view.ts';

/**
 * Hands out the payment's own payload: the lowest nonce that nobody holds, leased. A refusal that the request must
 * remember is given back, so that its transaction is kept.
 */
export async function offerOriginal(deps: OrchestratorDeps, tx: Tx, order: PayloadOrder) {
  const { request, lane: key, known } = order;
  const { wallet, quote } = known;
  // Sent in this order, so that all is read behind the lane's lock: one round trip.
  const [lane, view, policy, slots] = await Promise.all([
    lockOrMakeLane(tx, key, { walletId: wallet.id, minedCount: quote.minedCount }),
    lockView(tx, request.caller, request.params.id),
    findPolicyInForce(tx, key.tenantId, wallet.policyId),
    findSlotsFrom(tx, key, quote.minedCount),
  ]);
  const { row } = view;
  if (row.status !== 'approved') throw refusal('illegal_transition', row.status);
  if (isTooLate(row.state, row.now.getTime())) throw refusal('too_late', row.status);
  const closed = closedWallet(row, wallet);
  if (closed !== null) throw closed;
  const cause = causeOfRequest(request);
  const now = await presentOf(tx, { view, intentHash: row.intent_hash, policy }, known);
  const objection = objectionOf(now, quote);
  if (objection?.command?.type === 'deny') endLeaseOf(tx, { lane, slots, requestId: row.id });
  if (objection !== null) {
    const by = decidedNow(objection.command, policy);
    return await refuse(deps, tx, { row, cause, policy: by, ...objection });
  }
  if (isStillOpen(row, quote)) return await samePayload(tx, view, key);
  const leaseSeconds = leaseSecondsOf(request);
  const taken = await takeSlot(deps, tx, { row, lane, slots, quote, leaseSeconds, cause });
  if (!('rejected' in taken)) return showPayload(view, { ...taken, intent: row.intent });
  const error = refusal(taken.rejected, row.status);
  if (taken.rejected !== 'waiting_for_nonce') throw error;
  return await refuse(deps, tx, { row, cause, command: { type: 'delay', reason: taken.rejected }, error });
}

/** A nonce that the chain has spent meanwhile is worth no signature, however long its lease still runs. */
function isStillOpen({ state }: RequestRow, { minedCount }: Quote): boolean {
  const held = openOffer(state, 'original');
  return held !== undefined && held.nonce >= minedCount;
}

interface Objection {
  readonly command: Command | null;
  readonly error: AppError;
}

/** Why no payload is handed out now, and what the request has to remember of it. */
function objectionOf(now: Present, quote: Quote): Objection | null {
  const { row } = now.view;
  const command = recheck(now);
  if (command?.type === 'deny') return { command, error: denial(command) };
  if (command !== null) return { command, error: appError('quorum_missing') };
  if (openOffer(row.state, 'original') !== undefined) return null;
  const tooDear = ceilingObjection(row.fee_ceiling, quote);
  if (tooDear !== null) return { command: makesRoom(row), error: tooDear };
  const tooPoor = fundsObjection(row.intent, quote, feeOf(quote));
  return tooPoor && { command: { type: 'delay', reason: 'insufficient_funds' }, error: tooPoor };
}

/** A task that became too dear ends, so that the sweep opens another for its nonce, with a ceiling of today. */
function makesRoom({ gap_nonce: gap }: RequestRow): Command | null {
  return gap === null ? null : { type: 'cancel' };
}

async function refuse(
  deps: OrchestratorDeps,
  tx: Tx,
  { command, error, ...order }: Objection & Omit<Parameters<typeof carryOut>[2], 'command'>,
): Promise<AppError> {
  if (command !== null) await carryOut(deps, tx, { ...order, command });
  return error;
}

async function samePayload(tx: Tx, view: RequestView, lane: LaneKey) {
  const offered = present(openOffer(view.row.state, 'original'), 'the offer');
  const attempt = present(
    view.attempts.find(({ id }) => id === offered.id),
    'the attempt of the offer',
  );
  const slot = present(await findSlot(tx, lane, offered.nonce), 'the slot of the offer');
  return showPayload(view, { attempt, slot, intent: view.row.intent });
}
