import type { EvmSigned } from '@ironforge/chain-evm';
import { appError, type ROUTES } from '@ironforge/contracts';
import { type AppError, branded, type LeaseId, present } from '@ironforge/kernel';
import type { TxAttemptRow } from '@ironforge/schema';
import { type ApiRequest, causeOfRequest, type UserCaller } from '@ironforge/service-kit';
import type { Tx } from '@ironforge/store';
import { isNext, signedSlot } from '@ironforge/tx-core';
import type { Destination } from '../asks/destination.ts';
import type { People } from '../asks/people.ts';
import type { Wallet } from '../asks/wallet.ts';
import type { OrchestratorDeps } from '../deps.ts';
import { endLeaseOf } from '../lanes/end-lease.ts';
import { closeGap } from '../lanes/gaps.ts';
import { findFront, type Front, sendWindow, withSigned } from '../lanes/send-window.ts';
import { findOpenGaps, type OpenGap } from '../queries/gap-fills.ts';
import { lockLane, type LaneKey, type LockedLane } from '../queries/nonce-lanes.ts';
import { findSlot, putSlot, type StoredSlot } from '../queries/nonce-slots.ts';
import { findPolicyInForce, type PolicyInForce } from '../queries/policies.ts';
import { storeSigned } from '../queries/tx-attempts.ts';
import type { RequestRow } from '../queries/tx-requests.ts';
import { carryOut } from './carry-out.ts';
import { closedWallet } from './closed-wallet.ts';
import { decidedNow } from './decided-by.ts';
import { gapBelow } from './gap-below.ts';
import { isSignedByOther, keepSpent } from './keep-spent.ts';
import { presentOf, recheck } from './recheck.ts';
import { denial, refusal } from './refusal.ts';
import { signedColumns } from './signed-columns.ts';
import { underpriced } from './underpriced.ts';
import { approvedHashOf, type RequestView, viewOfSigned } from './view.ts';
import { lockView } from './find-view.ts';

/** Bytes that are exactly the intent, for the attempt whose lease was named. */
export interface SignatureOrder {
  readonly request: ApiRequest<(typeof ROUTES)['submitSignature'], UserCaller>;
  readonly lane: LaneKey;
  readonly attempt: TxAttemptRow;
  readonly signed: EvmSigned;
  readonly people: People;
  readonly wallet: Wallet;
  readonly destination: Destination;
}

/**
 * Stores signed bytes and their hash, and only then has them sent. A late signature is welcome unless the nonce was
 * taken over. What takes the approval back is kept, so it is given back and not thrown.
 */
export async function storeSignature(
  deps: OrchestratorDeps,
  tx: Tx,
  order: SignatureOrder,
): Promise<RequestView | AppError> {
  const { caller, params } = order.request;
  // Sent in this order, so that the lane is locked first: one round trip.
  const { tenantId, address } = order.lane;
  const [found, view, slot, policy, gaps] = await Promise.all([
    lockLane(tx, order.lane),
    lockView(tx, caller, params.id),
    findSlot(tx, order.lane, Number(order.attempt.nonce)),
    findPolicyInForce(tx, tenantId, order.wallet.policyId),
    findOpenGaps(tx, tenantId, [address]),
  ]);
  const { row } = view;
  const lane = present(found, 'the lane of an attempt');
  const objection = needsConsent(order, row)
    ? await objectionOf(deps, tx, { order, view, policy, lane, slot })
    : null;
  const refused = objection ?? underpriced(view, order.attempt, order.signed);
  if (refused !== null) return refused;
  const isNew = order.attempt.raw === null;
  if (isNew && (await isSignedByOther(tx, lane, { row, slot }))) return refusal('lease_lost', row.status);
  const front = await findFront(tx, lane);
  const accepted = await accept(deps, tx, { order, row, slot, lane, front });
  if ('rejected' in accepted) return refusal(accepted.rejected, row.status);
  if (accepted.events.length === 0) return view;
  if (slot?.state === 'spent')
    return await keepSpent(deps, tx, { order, view, row: accepted.row, lane, slot });
  const signedFor = present(slot, 'the slot that was signed for');
  const kept = await keep(deps, tx, { order, row: accepted.row, slot: signedFor, lane, front, gaps });
  const gap = gapBelow(kept.row, { ...front, tasks: gaps });
  return viewOfSigned(view, kept.row, { ...kept, gap });
}

/** What is signed already, or in a block, is only asked about again; a cancel takes a payment back. */
function needsConsent(
  { attempt: { kind, raw, tx_hash: known }, signed }: SignatureOrder,
  { status }: RequestRow,
): boolean {
  if (known === signed.hash) return false;
  return kind === 'original' ? status === 'approved' : kind === 'speed_up' && raw === null;
}

interface Step {
  readonly order: SignatureOrder;
  readonly row: RequestRow;
}

interface Objecting {
  readonly order: SignatureOrder;
  readonly view: RequestView;
  readonly policy: PolicyInForce | undefined;
  readonly lane: LockedLane;
  readonly slot: StoredSlot | undefined;
}

async function objectionOf(
  deps: OrchestratorDeps,
  tx: Tx,
  { order, view, policy, lane, slot }: Objecting,
): Promise<AppError | null> {
  const closed = order.attempt.kind === 'original' ? closedWallet(view.row, order.wallet) : null;
  if (closed !== null) return closed;
  const intentHash = approvedHashOf(view, order.attempt.intent_hash);
  const command = recheck(await presentOf(tx, { view, intentHash, policy }, order));
  if (command === null) return null;
  if (command.type === 'deny' && slot !== undefined)
    endLeaseOf(tx, { lane, slots: [slot], requestId: view.row.id });
  const by = { policy: decidedNow(command, policy), cause: causeOfRequest(order.request) };
  await carryOut(deps, tx, { row: view.row, command, ...by });
  return command.type === 'deny' ? denial(command) : appError('quorum_missing');
}

interface Accepting extends Step {
  readonly slot: StoredSlot | undefined;
  readonly lane: LockedLane;
  readonly front: Front;
}

async function accept(deps: OrchestratorDeps, tx: Tx, { order, row, slot, lane, front }: Accepting) {
  const held = order.attempt.kind === 'original' ? 'offered' : 'signed';
  const isHeld = slot?.state === held && slot.requestId === row.id;
  const command = {
    type: 'acceptSignature',
    leaseId: branded<LeaseId>(present(order.attempt.lease_id, 'the lease that found the attempt')),
    txHash: order.signed.hash,
    slotFence: isHeld ? slot.fence : null,
    isDue: isHeld && isNext({ ...lane, ...front }, signedSlot(slot)),
  } as const;
  return await carryOut(deps, tx, { row, command, cause: causeOfRequest(order.request) });
}

interface Keeping extends Step {
  readonly slot: StoredSlot;
  readonly lane: LockedLane;
  readonly front: Front;
  readonly gaps: readonly OpenGap[];
}

/** Stores the bytes, and has them sent when their turn has come: the request and its attempt as they stand now. */
async function keep(deps: OrchestratorDeps, tx: Tx, { order, row, slot, lane, front, gaps }: Keeping) {
  const { attempt, signed, request } = order;
  const columns = signedColumns(deps, order.signed);
  storeSigned(tx, attempt, columns);
  putSlot(tx, lane, signedSlot(slot));
  const signedAttempt = { ...attempt, ...columns, tx_hash: signed.hash };
  const cause = causeOfRequest(request);
  // A task that is closed was never signed, and what is sent was: the two touch different requests.
  const [sent] = await Promise.all([
    sendWindow(deps, tx, {
      lane,
      front: withSigned(front, signedSlot(slot), signedAttempt),
      cause,
      rows: [row],
    }),
    closeGap(deps, tx, { lane, nonce: slot.nonce, filledBy: row.id, cause, tasks: gaps }),
  ]);
  const now = sent.find(({ id }) => id === row.id) ?? (await queue(deps, tx, { order, row }));
  return { row: now, attempt: { id: attempt.id, ...columns } };
}

/** A signature above a nonce that is missing waits until that is filled. */
async function queue(deps: OrchestratorDeps, tx: Tx, { order, row }: Step): Promise<RequestRow> {
  const command = { type: 'delay', reason: 'queued_behind' } as const;
  const transition = await carryOut(deps, tx, { row, command, cause: causeOfRequest(order.request) });
  return 'rejected' in transition ? row : transition.row;
}
