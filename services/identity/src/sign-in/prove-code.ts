import { appError } from '@ironforge/contracts';
import { type AppError, branded, present, type TenantId } from '@ironforge/kernel';
import type { Tx } from '@ironforge/store';
import { type SecondFactor, secondFactorOf } from '../credentials/recovery-codes.ts';
import type { IdentityDeps } from '../deps.ts';
import { findFactor } from '../queries/totp-factors.ts';
import type { UserPlace } from '../queries/user-roles.ts';
import type { SignInAccount } from '../queries/users.ts';
import { checkEitherCode } from '../second-factor/check-either-code.ts';
import { tooManyAttempts } from '../second-factor/refuse-code.ts';
import type { Blocked, CodeOutcome } from '../second-factor/try-factor.ts';
import type { CountedAttempt } from './attempt.ts';
import { type Refusal, recordRefusal } from './record-refusal.ts';

/**
 * By which code somebody was proved whose password was right; null when he has no authenticator in use. Throws, after the
 * refusal was stored, `totp_required`, `invalid_credentials` for a wrong code, and `too_many_attempts`.
 */
export async function proveCode(
  deps: IdentityDeps,
  attempt: CountedAttempt,
  account: SignInAccount,
): Promise<SecondFactor | null> {
  const place = { tenant_id: account.tenant_id, user_id: account.id };
  const { totp: code } = attempt;
  const outcome = await deps.store
    .forTenant(branded<TenantId>(account.tenant_id))
    .transaction((tx) => check(deps, tx, { place, code }), { isolation: 'read committed' });
  if (outcome === 'none') return null;
  if (outcome === 'accepted') return secondFactorOf(present(code, 'a code that was accepted'));
  await recordRefusal(deps, attempt, { account, reason: reasonOf(outcome) });
  throw refusalOf(outcome);
}

type Refused = 'missing' | 'wrong' | Blocked;

function reasonOf(outcome: Refused): Refusal['reason'] {
  if (typeof outcome === 'object') return 'throttled';
  return outcome === 'missing' ? 'no_code' : 'wrong_code';
}

function refusalOf(outcome: Refused): AppError {
  if (typeof outcome === 'object') return tooManyAttempts(outcome);
  return appError(outcome === 'missing' ? 'totp_required' : 'invalid_credentials');
}

interface GivenCode {
  readonly place: UserPlace;
  readonly code: string | undefined;
}

async function check(
  deps: IdentityDeps,
  tx: Tx,
  { place, code }: GivenCode,
): Promise<CodeOutcome | 'missing'> {
  if (code !== undefined) return await checkEitherCode(deps, tx, { place, code });
  const factor = await findFactor(tx, place);
  return (factor?.confirmed_at ?? null) === null ? 'none' : 'missing';
}
