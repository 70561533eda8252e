import { isLeaseOver, type Slot } from '@ironforge/tx-core';
import type { OpenGap } from '../queries/gap-fills.ts';
import type { GapHolder } from '../queries/gap-holders.ts';
import type { RequestRow } from '../queries/tx-requests.ts';

/** What is known of a locked lane: its slots from the mined count on, and the open tasks of its sender. */
export interface KnownGaps {
  readonly slots: readonly Slot[];
  readonly tasks: readonly OpenGap[];
}

/** Who is to sign before a request of that lane, when it is queued behind somebody. */
export function gapBelow(row: RequestRow, { slots, tasks }: KnownGaps): GapHolder | null {
  if (row.reason !== 'queued_behind') return null;
  const below = row.state.boundNonce ?? 0;
  const holders = [...slots.flatMap((slot) => leaseOf(slot, row.now)), ...tasksOf(row, tasks)];
  return holders.filter(({ nonce }) => nonce < below).toSorted(inOrder)[0] ?? null;
}

function leaseOf(slot: Slot, now: Date): readonly GapHolder[] {
  const { state, nonce, requestId: id, leaseExpiresAtMs } = slot;
  if (state !== 'offered' || id === null || leaseExpiresAtMs === null) return [];
  return isLeaseOver(slot, now.getTime()) ? [] : [{ id, nonce, leaseEndsAt: new Date(leaseExpiresAtMs) }];
}

function tasksOf({ chain_id }: RequestRow, tasks: readonly OpenGap[]): readonly GapHolder[] {
  return tasks
    .filter(({ chainId }) => chainId === chain_id)
    .map(({ id, nonce }) => ({ id, nonce, leaseEndsAt: null }));
}

/** A lease on a nonce counts before a task for it, whose signer may be another. */
function inOrder(one: GapHolder, other: GapHolder): number {
  return one.nonce - other.nonce || Number(one.leaseEndsAt === null) - Number(other.leaseEndsAt === null);
}
