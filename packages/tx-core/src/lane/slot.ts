import type { LeaseId, TxRequestId } from '@ironforge/kernel';

/**
 * One nonce of a lane. `offered` is leased and unsigned, `signed` holds stored bytes and belongs to its
 * request for good, `spent` was mined (by anybody), `free` has no claim left. Times in ms since 1970.
 */
export type Slot = {
  readonly nonce: number;
  readonly state: 'offered' | 'signed' | 'spent' | 'free';
  readonly requestId: TxRequestId | null;
  readonly leaseId: LeaseId | null;
  readonly fence: number;
  readonly leaseExpiresAtMs: number | null;
};

/** Who may sign for a nonce, and until when nobody else may take it over. */
export type Lease = {
  readonly requestId: TxRequestId;
  readonly leaseId: LeaseId;
  readonly nonce: number;
  readonly fence: number;
  readonly expiresAtMs: number;
};

/** The slot of a nonce that was just offered; a former holder is displaced by the newer fence. */
export function offeredSlot(lease: Lease): Slot {
  const { nonce, requestId, leaseId, fence, expiresAtMs } = lease;
  return { nonce, state: 'offered', requestId, leaseId, fence, leaseExpiresAtMs: expiresAtMs };
}

/** The slot after its holder's signed bytes were stored. */
export function signedSlot(slot: Slot): Slot {
  return { ...slot, state: 'signed' };
}

/** The slot after a transaction with its nonce was mined; who held it is kept, a reorg may undo this. */
export function spentSlot(slot: Slot): Slot {
  return { ...slot, state: 'spent' };
}

/** The slot after a reorg undid what had spent it. */
export function unspentSlot(slot: Slot, isHolderSigned: boolean): Slot {
  if (slot.requestId === null) return { ...slot, state: 'free' };
  return { ...slot, state: isHolderSigned ? 'signed' : 'offered' };
}

/** The slot of a request that ended unsigned; freed only once its lease is over. */
export function releasedSlot(slot: Slot, nowMs: number): Slot {
  return slot.state === 'offered' && isLeaseOver(slot, nowMs) ? freedSlot(slot) : slot;
}

/** The slot of a request that was denied: its unsigned lease ends with it. */
export function freedSlot(slot: Slot): Slot {
  return { ...slot, state: 'free', requestId: null, leaseId: null };
}

/** True when another request may take the nonce over; the end of a lease alone frees nothing. */
export function isLeaseOver(slot: Slot, nowMs: number): boolean {
  return slot.leaseExpiresAtMs === null || slot.leaseExpiresAtMs <= nowMs;
}
