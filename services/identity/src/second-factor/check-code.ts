import type { Tx } from '@ironforge/store';
import type { CipherPlace } from '../credentials/field-cipher.ts';
import { provenStep } from '../credentials/totp.ts';
import type { IdentityDeps } from '../deps.ts';
import { lockFactor, type TotpFactor, updateFactor } from '../queries/totp-factors.ts';
import type { UserPlace } from '../queries/user-roles.ts';
import { ACCOUNT_RULE, delayMsAfter } from '../sign-in/throttle.ts';

/** What a code proved: `none` when there is no such factor, `blocked` after too many wrong ones. */
export type CodeOutcome = 'accepted' | 'wrong' | 'none' | 'blocked';

/** A code, whose it is, and whether his factor is in use or still to be confirmed. */
export interface CodeCheck {
  readonly place: UserPlace;
  readonly code: string;
  readonly factor: 'confirmed' | 'unconfirmed';
}

type Deps = Pick<IdentityDeps, 'cipher' | 'clock'>;

/** Checks a code and notes what came of it, so that it serves once; READ COMMITTED under the lock of the factor's row. */
export async function checkCode(deps: Deps, tx: Tx, check: CodeCheck): Promise<CodeOutcome> {
  const factor = await lockFactor(tx, check.place);
  const isThere = factor !== undefined && (factor.confirmed_at !== null) === (check.factor === 'confirmed');
  if (!isThere) return 'none';
  const now = deps.clock();
  if (factor.blocked_until !== null && factor.blocked_until > now) return 'blocked';
  const step = provenBy(deps, factor, { code: check.code, now });
  if (step === null) {
    await updateFactor(tx, check.place, failed(factor, now));
    return 'wrong';
  }
  const used = { last_step: BigInt(step), failures: 0, blocked_until: null, updated_at: now };
  await updateFactor(tx, check.place, { ...used, confirmed_at: factor.confirmed_at ?? now });
  return 'accepted';
}

/** Where the secret of a factor stands. */
export function secretPlace({ tenant_id, user_id }: UserPlace): CipherPlace {
  return { tenantId: tenant_id, table: 'totp_factors', column: 'secret_cipher', row: user_id };
}

function provenBy(
  { cipher }: Deps,
  factor: TotpFactor,
  { code, now }: { readonly code: string; readonly now: Date },
): number | null {
  const secret = Buffer.from(cipher.open(secretPlace(factor), factor.secret_cipher), 'hex');
  return provenStep(secret, code, { nowMs: now.getTime(), lastStep: Number(factor.last_step) });
}

/** As for sign-ins: five cost nothing, then each waits twice as long. */
function failed({ failures }: TotpFactor, now: Date) {
  const delayMs = delayMsAfter(failures + 1, ACCOUNT_RULE);
  const blocked_until = delayMs === 0 ? null : new Date(now.getTime() + delayMs);
  return { failures: failures + 1, blocked_until, updated_at: now };
}
