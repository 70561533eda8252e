/** How many calls an endpoint takes: so many a second, so many at once. */
export interface BucketRules {
  readonly perSecond: number;
  readonly burst: number;
}

/** What is left of it: tokens at a moment, and until when nothing is taken at all. Times in milliseconds of any one clock. */
export interface Bucket {
  readonly tokens: number;
  readonly atMs: number;
  readonly pausedUntilMs: number;
}

/** So many calls, wanted at a moment. */
export interface Demand {
  readonly count: number;
  readonly nowMs: number;
}

/** A bucket from which nothing was taken yet. */
export function fullBucket({ burst }: BucketRules, nowMs: number): Bucket {
  return { tokens: burst, atMs: nowMs, pausedUntilMs: nowMs };
}

/** How many whole milliseconds until so many calls may be sent; 0: now. More than the burst has to wait for a full bucket. */
export function waitMs(rules: BucketRules, bucket: Bucket, { count, nowMs }: Demand): number {
  const lacking = Math.min(count, rules.burst) - tokensAt(rules, bucket, nowMs);
  const refillMs = (lacking / rules.perSecond) * 1_000;
  return Math.ceil(Math.max(refillMs, bucket.pausedUntilMs - nowMs, 0));
}

/** The bucket after so many calls were sent; it may be left in debt. */
export function take(rules: BucketRules, bucket: Bucket, { count, nowMs }: Demand): Bucket {
  return { ...bucket, tokens: tokensAt(rules, bucket, nowMs) - count, atMs: Math.max(nowMs, bucket.atMs) };
}

/** The bucket of an endpoint that asked to be left alone; an earlier end never shortens a pause. */
export function pause(bucket: Bucket, untilMs: number): Bucket {
  return { ...bucket, pausedUntilMs: Math.max(bucket.pausedUntilMs, untilMs) };
}

function tokensAt({ perSecond, burst }: BucketRules, { tokens, atMs }: Bucket, nowMs: number): number {
  return Math.min(burst, tokens + (Math.max(0, nowMs - atMs) * perSecond) / 1_000);
}
