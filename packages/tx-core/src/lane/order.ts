import type { Lane } from './choose-nonce.ts';
import { isLeaseOver, type Slot } from './slot.ts';

/** How many signed transactions of one lane are with the nodes at a time. */
export const SEND_WINDOW = 16;

/** The unsigned nonces of the window below a signed one: what is above them cannot be mined. */
export function gapsOf(lane: Lane): readonly number[] {
  const held = new Set(lane.slots.filter(isSignedOrSpent).map(({ nonce }) => nonce));
  const highest = Math.max(lane.minedCount, ...held);
  const last = Math.min(highest, lane.minedCount + SEND_WINDOW);
  const range = Array.from({ length: last - lane.minedCount }, (_, index) => lane.minedCount + index);
  return range.filter((nonce) => !held.has(nonce));
}

/** The gaps that nobody may sign for now: no lease on them runs, so a task has to fill them. */
export function openGaps(lane: Lane, nowMs: number): readonly number[] {
  const byNonce = new Map(lane.slots.map((slot) => [slot.nonce, slot]));
  const isLeased = (slot: Slot | undefined) => slot?.state === 'offered' && !isLeaseOver(slot, nowMs);
  return gapsOf(lane).filter((nonce) => !isLeased(byNonce.get(nonce)));
}

/** The signed slots that may be with the nodes now: in nonce order from the mined count, up to the first gap. */
export function sendableSlots(lane: Lane, window: number = SEND_WINDOW): readonly Slot[] {
  const byNonce = new Map(lane.slots.map((slot) => [slot.nonce, slot]));
  const sendable: Slot[] = [];
  for (let nonce = lane.minedCount; nonce < lane.minedCount + window; nonce += 1) {
    const slot = byNonce.get(nonce);
    if (slot === undefined || !isSignedOrSpent(slot)) return sendable;
    if (slot.state === 'signed') sendable.push(slot);
  }
  return sendable;
}

/** True when nothing below a slot that is being signed is missing, so that its bytes go out at once. */
export function isNext(lane: Lane, signed: Slot): boolean {
  const others = lane.slots.filter(({ nonce }) => nonce !== signed.nonce);
  return sendableSlots({ ...lane, slots: [...others, signed] }).some(({ nonce }) => nonce === signed.nonce);
}

function isSignedOrSpent({ state }: Slot): boolean {
  return state === 'signed' || state === 'spent';
}
