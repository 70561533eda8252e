import type { Event } from '../request/event.ts';
import { evolve } from '../request/evolve.ts';
import type { TxRequest } from '../request/state.ts';
import type { Status } from '../request/status.ts';

/** What one request holds of its window: open whatever its age, committed in the bucket of its confirmation, or nothing. */
export type Hold =
  | { readonly state: 'open' }
  | { readonly state: 'committed'; readonly bucket: number }
  | { readonly state: 'released' };

/** What a change of a hold does to the ledger of its window; amounts are added, some of them negative. */
export type LedgerChange = {
  readonly reserved: bigint;
  readonly buckets: readonly { readonly bucket: number; readonly amount: bigint }[];
};

const HOLDS: Readonly<Record<Status, Hold['state']>> = {
  draft: 'released',
  pending_approval: 'open',
  approved: 'open',
  signed: 'open',
  broadcasted: 'open',
  confirmed: 'committed',
  failed: 'released',
  rejected: 'released',
  expired: 'released',
  cancelled: 'released',
};

/** The statuses that a request passes with these events. */
export function statusesPassed(state: TxRequest, events: readonly Event[]): readonly Status[] {
  let now = state;
  return events.map((event) => (now = evolve(now, event)).status);
}

/** True when passing these statuses may change what a request holds. */
export function movesHold(before: Status, passed: readonly Status[]): boolean {
  return passed.some((status) => HOLDS[status] !== HOLDS[before]);
}

/**
 * The hold of a request that passes these statuses; `bucket` is the present one. A reorg opens it again and another
 * confirmation commits it anew; what comes back after an end (adoption) holds its amount again, over the limit if need be.
 */
export function holdAfter(hold: Hold, passed: readonly Status[], bucket: number): Hold {
  return passed.reduce((now, status) => {
    const state = HOLDS[status];
    if (state === now.state) return now;
    return state === 'committed' ? { state, bucket } : { state };
  }, hold);
}

/** What the ledger gets and gives when a request of that amount goes from one hold to another. */
export function ledgerChange(before: Hold, after: Hold, amount: bigint): LedgerChange {
  const [taken, given] = [effectOf(before, -amount), effectOf(after, amount)];
  return { reserved: taken.reserved + given.reserved, buckets: [...taken.buckets, ...given.buckets] };
}

function effectOf(hold: Hold, amount: bigint): LedgerChange {
  if (hold.state === 'open') return { reserved: amount, buckets: [] };
  if (hold.state === 'released') return { reserved: 0n, buckets: [] };
  return { reserved: 0n, buckets: [{ bucket: hold.bucket, amount }] };
}
