import type { Tx } from '@ironforge/store';
import type { IdentityDeps } from '../deps.ts';
import { type FactorChange, type TotpFactor, updateFactor } from '../queries/totp-factors.ts';
import { ACCOUNT_RULE, delayMsAfter } from '../sign-in/throttle.ts';

/** What a code proved: `none` when there is no such factor. */
export type CodeOutcome = 'accepted' | 'wrong' | 'none' | Blocked;

/** Too many codes were wrong: none is looked at for so long. */
export interface Blocked {
  readonly retryAfterSeconds: number;
}

/** One try at a factor whose row is locked. */
export interface FactorTry {
  readonly factor: TotpFactor;
  /** What a right code changes; null for a wrong one. */
  readonly prove: (now: Date) => Promise<FactorChange | null>;
}

/** Has a code proved unless wrong ones block it, and notes what came of it. */
export async function tryFactor(
  { clock }: Pick<IdentityDeps, 'clock'>,
  tx: Tx,
  { factor, prove }: FactorTry,
): Promise<CodeOutcome> {
  const now = clock();
  if (factor.blocked_until !== null && factor.blocked_until > now)
    return { retryAfterSeconds: (factor.blocked_until.getTime() - now.getTime()) / 1000 };
  const change = await prove(now);
  const noted = change === null ? failed(factor, now) : { ...change, failures: 0, blocked_until: null };
  await updateFactor(tx, factor, { ...noted, updated_at: now });
  return change === null ? 'wrong' : 'accepted';
}

/** As for sign-ins: five cost nothing, then each waits twice as long. */
function failed({ failures }: TotpFactor, now: Date): FactorChange {
  const delayMs = delayMsAfter(failures + 1, ACCOUNT_RULE);
  const blocked_until = delayMs === 0 ? null : new Date(now.getTime() + delayMs);
  return { failures: failures + 1, blocked_until };
}
