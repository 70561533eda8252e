import { appError } from '@ironforge/contracts';
import { branded, type TenantId } from '@ironforge/kernel';
import type { Tx } from '@ironforge/store';
import type { IdentityDeps } from '../deps.ts';
import { findFactor } from '../queries/totp-factors.ts';
import type { UserPlace } from '../queries/user-roles.ts';
import type { SignInAccount } from '../queries/users.ts';
import { checkCode } from '../second-factor/check-code.ts';
import type { CodeOutcome } from '../second-factor/try-factor.ts';
import type { CountedAttempt } from './attempt.ts';
import { type Refusal, recordRefusal } from './record-refusal.ts';

/**
 * True when a code proved somebody whose password was right, false when he has no authenticator in use. Throws, after the
 * refusal was stored, `totp_required`, `invalid_credentials` for a wrong code, and `too_many_attempts`.
 */
export async function proveCode(
  deps: IdentityDeps,
  attempt: CountedAttempt,
  account: SignInAccount,
): Promise<boolean> {
  const place = { tenant_id: account.tenant_id, user_id: account.id };
  const outcome = await deps.store
    .forTenant(branded<TenantId>(account.tenant_id))
    .transaction((tx) => check(deps, tx, { place, code: attempt.totp }), { isolation: 'read committed' });
  if (outcome === 'accepted') return true;
  if (outcome === 'none') return false;
  await recordRefusal(deps, attempt, { account, reason: REASONS[outcome] });
  if (outcome === 'missing') throw appError('totp_required');
  throw outcome === 'wrong'
    ? appError('invalid_credentials')
    : appError('too_many_attempts', { retry: 'later' });
}

type Outcome = CodeOutcome | 'missing';

const REASONS: Readonly<Record<Exclude<Outcome, 'accepted' | 'none'>, Refusal['reason']>> = {
  missing: 'no_code',
  wrong: 'wrong_code',
  blocked: 'throttled',
};

interface GivenCode {
  readonly place: UserPlace;
  readonly code: string | undefined;
}

async function check(deps: IdentityDeps, tx: Tx, { place, code }: GivenCode): Promise<Outcome> {
  if (code !== undefined) return await checkCode(deps, tx, { place, code });
  const factor = await findFactor(tx, place);
  return (factor?.confirmed_at ?? null) === null ? 'none' : 'missing';
}
