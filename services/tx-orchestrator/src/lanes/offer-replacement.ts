import { replacementFee } from '@ironforge/chain-evm';
import { appError } from '@ironforge/contracts';
import { type AppError, branded, type LeaseId, present } from '@ironforge/kernel';
import type { TxAttemptRow } from '@ironforge/schema';
import { causeOfRequest } from '@ironforge/service-kit';
import type { Tx } from '@ironforge/store';
import type { Attempt, Slot } from '@ironforge/tx-core';
import { feeOf } from '../asks/quote.ts';
import type { OrchestratorDeps } from '../deps.ts';
import { lockLane, type LockedLane, updateLane } from '../queries/nonce-lanes.ts';
import { findSlot, putSlot } from '../queries/nonce-slots.ts';
import { storeOffer } from '../queries/tx-attempts.ts';
import { carryOut } from '../requests/carry-out.ts';
import { findPolicyInForce } from '../queries/policies.ts';
import { presentOf, recheck } from '../requests/recheck.ts';
import { denial, refusal } from '../requests/refusal.ts';
import { showPayload } from '../requests/show-payload.ts';
import { attemptRowOf, signedFees, storedIntent } from '../requests/attempts.ts';
import { approvedHashOf, type RequestView } from '../requests/view.ts';
import { attemptRow, type HeldLease } from './attempt-row.ts';
import { ceilingObjection, fundsObjection, leaseSecondsOf, type PayloadOrder } from './payload-order.ts';
import { lockView } from '../requests/find-view.ts';

/** Hands out the payload of a replacement that was asked for before: on the request's own nonce, at a fee that displaces. */
export async function offerReplacement(deps: OrchestratorDeps, tx: Tx, order: PayloadOrder) {
  const lane = await lockLane(tx, order.lane);
  const view = await lockView(tx, order.request.caller, order.request.params.id);
  // A wallet that never had a payload has no lane, and nothing that could be replaced.
  if (lane === undefined) throw refusal('illegal_transition', view.row.status);
  const attempt = openReplacement(view, order);
  const slot = present(await findSlot(tx, lane, attempt.nonce), 'the slot of a signed payment');
  const replacement = { view, attempt, stored: attemptRowOf(view, attempt) };
  const objection = await objectionOf(tx, order, replacement);
  if (objection !== null) throw objection;
  if (attempt.leaseId !== null) return show(deps, replacement, slot);
  return await lease(deps, tx, { order, lane, slot, ...replacement });
}

/** Throws `illegal_transition` when no replacement of that kind is open, or the nonce is spent. */
function openReplacement({ row }: RequestView, { request, known }: PayloadOrder): Attempt {
  const isOpen = ({ kind, state }: Attempt) => kind === request.body.kind && state === 'offered';
  const attempt = row.state.attempts.find(isOpen);
  if (attempt === undefined || attempt.nonce < known.quote.minedCount)
    throw refusal('illegal_transition', row.status);
  return attempt;
}

interface Replacement {
  readonly view: RequestView;
  readonly attempt: Attempt;
  readonly stored: TxAttemptRow;
}

/** A cancel needs nobody's consent: it takes a payment back. */
async function objectionOf(
  tx: Tx,
  { known }: PayloadOrder,
  { view, attempt }: Replacement,
): Promise<AppError | null> {
  if (attempt.kind === 'cancel') return null;
  const intentHash = approvedHashOf(view, attempt.intentHash);
  const policy = await findPolicyInForce(tx, view.row.tenant_id, known.wallet.policyId);
  const command = recheck(await presentOf(tx, { view, intentHash, policy }, known));
  if (command === null) return null;
  return command.type === 'deny' ? denial(command) : appError('quorum_missing');
}

interface Leasing extends Replacement {
  readonly order: PayloadOrder;
  readonly lane: LockedLane;
  readonly slot: Slot;
}

/** Binds fees and lease. The slot stays signed, so a signer of a replacement who vanishes stops nobody. */
async function lease(deps: OrchestratorDeps, tx: Tx, leasing: Leasing) {
  const { order, lane, view, attempt, slot } = leasing;
  const { id: attemptId, kind, nonce } = attempt;
  const held = { leaseId: branded<LeaseId>(deps.newId()), fence: lane.fence + 1 };
  const stored = leasedRow(deps, leasing, held);
  storeOffer(tx, stored);
  updateLane(tx, { ...lane, fence: held.fence });
  const leaseExpiresAtMs = view.row.now.getTime() + leaseSecondsOf(order.request) * 1_000;
  const leased = { ...slot, ...held, leaseExpiresAtMs };
  putSlot(tx, lane, leased);
  const command = { type: 'offerPayload', attemptId, kind, nonce, ...held } as const;
  const transition = await carryOut(deps, tx, {
    row: view.row,
    command,
    cause: causeOfRequest(order.request),
  });
  if ('rejected' in transition) throw refusal(transition.rejected, view.row.status);
  return show(deps, { view, attempt, stored }, leased);
}

/** The attempt at the fees of this moment. Throws `fee_above_ceiling`, `insufficient_funds`. */
function leasedRow(deps: OrchestratorDeps, { order, view, attempt, stored }: Leasing, held: HeldLease) {
  const { quote } = order.known;
  const signed = present(signedFees(view), 'the signed payment to replace');
  const fee = { ...quote, ...replacementFee(signed, quote) };
  const objection =
    ceilingObjection(stored.fee_ceiling, fee) ??
    fundsObjection(storedIntent(deps, view.row, stored), quote, feeOf(fee));
  if (objection !== null) throw objection;
  return attemptRow(deps, {
    id: attempt.id,
    row: view.row,
    terms: { kind: attempt.kind, feeCeiling: stored.fee_ceiling },
    state: 'offered',
    binding: { ...fee, nonce: attempt.nonce },
    lease: held,
    requestedBy: stored.requested_by,
  });
}

function show(deps: OrchestratorDeps, { view, stored }: Replacement, slot: Slot) {
  return showPayload(view, { attempt: stored, slot, intent: storedIntent(deps, view.row, stored) });
}
