import type { Tx } from '@ironforge/store';
import { blockUntil, countFailure } from '../queries/sign-in-throttles.ts';

/** How failed sign-ins of one subject slow down the next. */
export interface ThrottleRule {
  /** Failures that cost nothing. */
  readonly free: number;
  readonly maxDelayMs: number;
}

/** One account, whether it exists or not. */
export const ACCOUNT_RULE: ThrottleRule = { free: 5, maxDelayMs: 15 * 60_000 };
/** One client address; many people may share it. */
export const ADDRESS_RULE: ThrottleRule = { free: 50, maxDelayMs: 5 * 60_000 };

const FIRST_DELAY_MS = 1_000;
const FORGET_AFTER_MS = 60 * 60_000;

/** How long the next sign-in has to wait after so many failures: 1 s, doubling with each, up to the rule's maximum. */
export function delayMsAfter(failures: number, rule: ThrottleRule): number {
  const beyond = failures - rule.free;
  return beyond < 0 ? 0 : Math.min(FIRST_DELAY_MS * 2 ** beyond, rule.maxDelayMs);
}

/** Whose failures are counted, by which rule. */
export interface ThrottledSubject {
  readonly subject: string;
  readonly rule: ThrottleRule;
}

/** Notes a failed sign-in of one subject. An hour without a failure is forgiven. */
export async function noteFailure(tx: Tx, { subject, rule }: ThrottledSubject, now: Date): Promise<void> {
  const failures = await countFailure(tx, subject, {
    now,
    forgetBefore: new Date(now.getTime() - FORGET_AFTER_MS),
  });
  const delayMs = delayMsAfter(failures, rule);
  if (delayMs > 0) await blockUntil(tx, subject, new Date(now.getTime() + delayMs));
}
