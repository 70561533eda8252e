import { appError } from '@ironforge/contracts';
import type { IdentityDeps } from '../deps.ts';
import type { SignInAccount } from '../queries/users.ts';
import { countedAttempt, type SignInAttempt } from './attempt.ts';
import { provePassword } from './prove-password.ts';
import { startSession, type TokenPair } from './start-session.ts';

/** Signs in by e-mail and password. Throws `invalid_credentials`, the same for every reason, or `too_many_attempts`. */
export async function signIn(deps: IdentityDeps, attempt: SignInAttempt): Promise<TokenPair> {
  const counted = countedAttempt(deps, attempt);
  const account = await provePassword(deps, counted);
  const passwordHash = await betterHash(deps, account, attempt.password);
  const pair = await startSession(deps, counted, { account, passwordHash });
  if (pair === null) throw appError('invalid_credentials');
  return pair;
}

/** A hash by today's parameters when the stored one is weaker. */
async function betterHash(
  { passwords }: IdentityDeps,
  account: SignInAccount,
  password: string,
): Promise<string | null> {
  const isOutdated = account.password_hash !== null && passwords.isOutdated(account.password_hash);
  return isOutdated ? await passwords.hash(password) : null;
}
