import { branded, present, type TxRequestId } from '@ironforge/kernel';
import { causeOfRequest } from '@ironforge/service-kit';
import type { Tx } from '@ironforge/store';
import { hasSignature, type Slot } from '@ironforge/tx-core';
import type { OrchestratorDeps } from '../deps.ts';
import { displaceHolder } from '../lanes/displace-holder.ts';
import type { LockedLane } from '../queries/nonce-lanes.ts';
import { putSlot } from '../queries/nonce-slots.ts';
import { storeSigned } from '../queries/tx-attempts.ts';
import { lockRequest, type RequestRow } from '../queries/tx-requests.ts';
import { signedColumns } from './signed-columns.ts';
import type { SignatureOrder } from './store-signature.ts';
import { type RequestView, viewOfSigned } from './view.ts';

/** Bytes of what a block shows already, and the spent slot of their nonce, in a locked lane. */
export interface KeepingSpent {
  readonly order: SignatureOrder;
  readonly view: RequestView;
  readonly row: RequestRow;
  readonly lane: LockedLane;
  readonly slot: Slot;
}

/**
 * Stores the bytes of what a block shows already: nothing is sent, until a reorg takes it out again. The nonce is this
 * request's from now on, whoever was offered it meanwhile, so that nobody else signs for it then.
 */
export async function keepSpent(
  deps: OrchestratorDeps,
  tx: Tx,
  { order, view, row, lane, slot }: KeepingSpent,
): Promise<RequestView> {
  const columns = signedColumns(deps, order.signed);
  storeSigned(tx, order.attempt, columns);
  if (slot.requestId !== row.id) {
    await displaceHolder(deps, tx, { lane, slot, cause: causeOfRequest(order.request) });
    putSlot(tx, lane, { ...slot, ...leaseOf(row, order) });
  }
  return viewOfSigned(view, row, { attempt: { id: order.attempt.id, ...columns }, gap: null });
}

/** True when bytes of another request are stored for a spent nonce: then none of a second one are. */
export async function isSignedByOther(
  tx: Tx,
  { tenantId }: LockedLane,
  { row, slot }: { readonly row: RequestRow; readonly slot: Slot | undefined },
): Promise<boolean> {
  if (slot?.state !== 'spent' || slot.requestId === null || slot.requestId === row.id) return false;
  const other = await lockRequest(tx, tenantId, slot.requestId);
  return other?.state.boundNonce === slot.nonce && hasSignature(other.state);
}

function leaseOf({ id, state }: RequestRow, { attempt }: SignatureOrder) {
  const found = state.attempts.find((one) => one.id === attempt.id);
  const { leaseId, fence } = present(found, 'the attempt that was signed');
  return { requestId: branded<TxRequestId>(id), leaseId, fence: present(fence, 'the fence of a lease') };
}
