/**
 * A limit for the last so many hours: at most `max`, in base units of one asset, or with `fiat` in 10^-18 parts of a currency,
 * by a price that is not older than so many ms.
 */
export type SpendingWindow = {
  readonly hours: number;
  readonly max: bigint;
  readonly fiat?: { readonly currency: string; readonly maxAgeMs: number } | undefined;
};

/** What a window has given away: to requests that are open, and to confirmed ones by the bucket of their confirmation. */
export type Ledger = {
  readonly reserved: bigint;
  readonly buckets: ReadonlyMap<number, bigint>;
};

/** A window is cut into so many buckets. */
const BUCKETS = 24;
const MS_PER_HOUR = 3_600_000;

/** The bucket that a moment, in ms since 1970, belongs to: counted from 1970 in steps of hours / 24. */
export function bucketAt(hours: number, atMs: number): number {
  return Math.floor((atMs * BUCKETS) / (hours * MS_PER_HOUR));
}

/** The oldest bucket that still reaches into the window. It counts in full, so that no span of the hours exceeds the limit. */
export function oldestBucket(hours: number, nowMs: number): number {
  return bucketAt(hours, nowMs) - BUCKETS;
}

/** What is used of a window now. */
export function spentAt({ reserved, buckets }: Ledger, hours: number, nowMs: number): bigint {
  const oldest = oldestBucket(hours, nowMs);
  const counting = [...buckets].filter(([bucket]) => bucket >= oldest);
  return counting.reduce((sum, [, amount]) => sum + amount, reserved);
}

/** True when the amount fits into what is left. */
export function fits({ max }: SpendingWindow, spent: bigint, amount: bigint): boolean {
  return spent + amount <= max;
}
