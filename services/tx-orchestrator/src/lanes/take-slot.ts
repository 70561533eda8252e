import { type AttemptId, branded, type LeaseId, type TxRequestId } from '@ironforge/kernel';
import type { Cause } from '@ironforge/service-kit';
import type { Tx } from '@ironforge/store';
import { chooseNonce, offeredSlot, type Rejection, type Slot } from '@ironforge/tx-core';
import type { Quote } from '../asks/quote.ts';
import type { OrchestratorDeps } from '../deps.ts';
import { type LockedLane, updateLane } from '../queries/nonce-lanes.ts';
import { putSlot } from '../queries/nonce-slots.ts';
import { insertAttempt } from '../queries/tx-attempts.ts';
import type { RequestRow } from '../queries/tx-requests.ts';
import type { TxAttemptRow } from '@ironforge/schema';
import { carryOut } from '../requests/carry-out.ts';
import { attemptRow } from './attempt-row.ts';
import { displaceHolder } from './displace-holder.ts';

/** A request that is locked, as its lane is, and asks for a payload. */
export interface SlotOrder {
  readonly row: RequestRow;
  readonly lane: LockedLane;
  /** From the mined count of the quote on. */
  readonly slots: readonly Slot[];
  readonly quote: Quote;
  readonly leaseSeconds: number;
  readonly cause: Cause;
}

/** What a request was bound to. */
export interface TakenSlot {
  readonly row: RequestRow;
  readonly attempt: TxAttemptRow;
  readonly slot: Slot;
}

/**
 * Binds a request to a nonce: the slot, the lane's fence, the attempt with its unsigned bytes, and the request itself.
 * Whoever held the nonce with an ended lease is displaced.
 */
export async function takeSlot(
  deps: OrchestratorDeps,
  tx: Tx,
  order: SlotOrder,
): Promise<TakenSlot | { rejected: Rejection }> {
  const { row, lane, slots, quote } = order;
  const asker = {
    requestId: branded<TxRequestId>(row.id),
    boundNonce: row.bound_nonce === null ? null : Number(row.bound_nonce),
  };
  // A node that lags tells of less than the lane has heard of: what is spent is worth no signature.
  const minedCount = Math.max(quote.minedCount, lane.minedCount);
  const choice = chooseNonce({ slots, minedCount, fence: lane.fence }, asker, row.now.getTime());
  if ('waiting' in choice) return { rejected: choice.waiting };
  if (choice.displaces !== null) await displaceHolder(deps, tx, { ...order, slot: choice.displaces });
  updateLane(tx, { ...lane, fence: choice.fence });
  return await offer(deps, tx, { order, nonce: choice.nonce, fence: choice.fence });
}

interface Offered {
  readonly order: SlotOrder;
  readonly nonce: number;
  readonly fence: number;
}

async function offer(
  deps: OrchestratorDeps,
  tx: Tx,
  { order, nonce, fence }: Offered,
): Promise<TakenSlot | { rejected: Rejection }> {
  const { row, lane, cause } = order;
  const attemptId = branded<AttemptId>(deps.newId());
  const leaseId = branded<LeaseId>(deps.newId());
  const attempt = attemptRow(deps, {
    id: attemptId,
    row,
    terms: { kind: 'original', feeCeiling: row.fee_ceiling },
    state: 'offered',
    binding: { ...order.quote, nonce },
    lease: { leaseId, fence },
    requestedBy: null,
  });
  insertAttempt(tx, attempt);
  const expiresAtMs = row.now.getTime() + order.leaseSeconds * 1_000;
  const slot = offeredSlot({ requestId: branded<TxRequestId>(row.id), leaseId, nonce, fence, expiresAtMs });
  putSlot(tx, lane, slot);
  const command = { type: 'offerPayload', kind: 'original', attemptId, leaseId, nonce, fence } as const;
  const transition = await carryOut(deps, tx, { row, command, cause });
  return 'rejected' in transition ? transition : { row: transition.row, attempt, slot };
}
