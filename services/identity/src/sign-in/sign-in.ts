import { appError } from '@ironforge/contracts';
import type { IdentityDeps } from '../deps.ts';
import type { SignInAccount } from '../queries/users.ts';
import { type CountedAttempt, countedAttempt, type SignInAttempt } from './attempt.ts';
import { proveAndAct } from './prove-and-act.ts';
import { provePassword } from './prove-password.ts';
import { startSession, type TokenPair } from './start-session.ts';

/** Signs in by e-mail and password. Throws `invalid_credentials`, the same for every reason, or `too_many_attempts`. */
export async function signIn(deps: IdentityDeps, attempt: SignInAttempt): Promise<TokenPair> {
  const counted = countedAttempt(deps, attempt);
  const pair = await proveAndAct(
    async () => await provePassword(deps, counted),
    async (account) => await startSessionOf(deps, counted, account),
  );
  if (pair === null) throw appError('invalid_credentials');
  return pair;
}

async function startSessionOf(
  deps: IdentityDeps,
  attempt: CountedAttempt,
  account: SignInAccount,
): Promise<TokenPair | null> {
  const passwordHash = await betterHash(deps, account, attempt.password);
  return await startSession(deps, attempt, { account, passwordHash });
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
