import { appError } from '@ironforge/contracts';
import { isActive } from '../accounts/is-active.ts';
import type { IdentityDeps } from '../deps.ts';
import { findBlockedUntil } from '../queries/sign-in-throttles.ts';
import { findSignInAccounts, type SignInAccount } from '../queries/users.ts';
import type { CountedAttempt } from './attempt.ts';
import { type Refusal, recordRefusal } from './record-refusal.ts';

/**
 * The account whose password was given. Throws, after the failure was stored, `invalid_credentials`, the same for every reason,
 * or `too_many_attempts`. The throttle is read only when a hash can be computed, so a burst of parallel guesses gains no more
 * than that many.
 */
export async function provePassword(deps: IdentityDeps, attempt: CountedAttempt): Promise<SignInAccount> {
  return await deps.passwords.limit(async () => await prove(deps, attempt));
}

async function prove(deps: IdentityDeps, attempt: CountedAttempt): Promise<SignInAccount> {
  const { account, blockedUntil } = await lookUp(deps, attempt);
  const now = deps.clock();
  if (blockedUntil !== null && blockedUntil > now) {
    if (account !== null) await recordRefusal(deps, attempt, { account, reason: 'throttled' });
    const retryAfterSeconds = (blockedUntil.getTime() - now.getTime()) / 1000;
    throw appError('too_many_attempts', { retry: 'later', retryAfterSeconds });
  }
  const isRight = await deps.passwords.matches(account?.password_hash ?? null, attempt.password);
  if (account !== null && isRight && isActive(account)) return account;
  await recordRefusal(deps, attempt, { account, reason: reasonOf(account, isRight) });
  throw appError('invalid_credentials');
}

function reasonOf(account: SignInAccount | null, isRight: boolean): Refusal['reason'] {
  if (account === null) return 'unknown_account';
  return isRight ? 'suspended' : 'wrong_password';
}

/** An e-mail that is in two tenants names no account. */
async function lookUp({ store }: IdentityDeps, { emailIndex, tenant, account, address }: CountedAttempt) {
  return await store.system('sign_in').transaction(
    async (tx) => {
      const blockedUntil = await findBlockedUntil(tx, [account, address]);
      const found = await findSignInAccounts(tx, emailIndex, tenant);
      return { blockedUntil, account: found.length === 1 ? (found[0] ?? null) : null };
    },
    { isolation: 'read committed' },
  );
}
