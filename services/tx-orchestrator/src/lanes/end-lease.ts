import type { Tx } from '@ironforge/store';
import { freedSlot, type Slot } from '@ironforge/tx-core';
import type { LockedLane } from '../queries/nonce-lanes.ts';
import { putSlot } from '../queries/nonce-slots.ts';

/** A request of a locked lane that is denied now, and the slots that it may hold. */
export interface Denied {
  readonly lane: LockedLane;
  readonly slots: readonly Slot[];
  readonly requestId: string;
}

/** Ends the unsigned lease of a denied request with it, so that its nonce is free at once. */
export function endLeaseOf(tx: Tx, { lane, slots, requestId }: Denied): void {
  const held = slots.find((slot) => slot.state === 'offered' && slot.requestId === requestId);
  if (held !== undefined) putSlot(tx, lane, freedSlot(held));
}
