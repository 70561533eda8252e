import type { TxRequestId } from '@ironforge/kernel';
import { isLeaseOver, type Slot } from './slot.ts';

/** The lane as it is while its row is locked; `minedCount` at `latest`, never `pending`. */
export type Lane = {
  readonly slots: readonly Slot[];
  readonly minedCount: number;
  /** The newest fence of the lane; the next lease has the one after it. */
  readonly fence: number;
};

/** Who asks: `boundNonce` is the one that it may take, once it was offered any. */
export type Asker = { readonly requestId: TxRequestId; readonly boundNonce: number | null };

/** A nonce to sign for, with the slot that is taken over, if any. */
export type Choice =
  | { readonly nonce: number; readonly fence: number; readonly displaces: Slot | null }
  | { readonly waiting: 'waiting_for_nonce' };

/**
 * The lowest nonce, from the mined count on, that nobody holds: absent, free, or offered with an ended lease.
 * A request that was ever offered a nonce may take only that one again: its old signature may exist somewhere.
 */
export function chooseNonce(lane: Lane, asker: Asker, nowMs: number): Choice {
  const taken = new Map(lane.slots.map((slot) => [slot.nonce, slot]));
  const isOpen = (nonce: number) => nonce >= lane.minedCount && isTakeable(taken.get(nonce), asker, nowMs);
  const nonce = asker.boundNonce ?? lowest(lane.minedCount, isOpen);
  if (!isOpen(nonce)) return { waiting: 'waiting_for_nonce' };
  return { nonce, fence: lane.fence + 1, displaces: displacedBy(asker, taken.get(nonce)) };
}

function isTakeable(slot: Slot | undefined, asker: Asker, nowMs: number): boolean {
  if (slot === undefined || slot.state === 'free') return true;
  if (slot.state !== 'offered') return false;
  return slot.requestId === asker.requestId || isLeaseOver(slot, nowMs);
}

function lowest(from: number, isOpen: (nonce: number) => boolean): number {
  let nonce = from;
  while (!isOpen(nonce)) nonce += 1;
  return nonce;
}

function displacedBy(asker: Asker, slot: Slot | undefined): Slot | null {
  return slot?.state === 'offered' && slot.requestId !== asker.requestId ? slot : null;
}
