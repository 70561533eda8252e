import { appError } from '@ironforge/contracts';
import { causeOfOrigin } from '@ironforge/service-kit';
import { replacePassword } from '../accounts/replace-password.ts';
import type { SecondFactor } from '../credentials/recovery-codes.ts';
import type { IdentityDeps } from '../deps.ts';
import type { SignInAccount } from '../queries/users.ts';
import { type CountedAttempt, countedAttempt, type SignInAttempt } from './attempt.ts';
import { proveAndAct } from './prove-and-act.ts';
import { proveCode } from './prove-code.ts';
import { provePassword } from './prove-password.ts';
import { refuseLasting } from './refuse-lasting.ts';
import { type ProvedAccount, startSession, type TokenPair } from './start-session.ts';

/**
 * Signs in by e-mail and password, and where an authenticator is in use by a code of it or a recovery code; a new password takes
 * the place of that one. Throws `invalid_credentials`, the same for every reason, `too_many_attempts`, and after the right
 * password `password_change_required` and `totp_required`.
 */
export async function signIn(deps: IdentityDeps, attempt: SignInAttempt): Promise<TokenPair> {
  const counted = countedAttempt(deps, attempt);
  // A code serves once: proving the password again must not take another one.
  let proved: Promise<SecondFactor | null> | null = null;
  const pair = await proveAndAct(
    async () => {
      const account = await provePassword(deps, counted);
      await refuseLasting(deps, counted, account);
      proved ??= proveCode(deps, counted, account);
      return { account, secondFactor: await proved };
    },
    async (proof) => await startSessionOf(deps, counted, proof),
  );
  if (pair === null) throw appError('invalid_credentials');
  return pair;
}

type Proof = Omit<ProvedAccount, 'passwordHash'>;

async function startSessionOf(
  deps: IdentityDeps,
  attempt: CountedAttempt,
  { account, secondFactor }: Proof,
): Promise<TokenPair | null> {
  const { newPassword } = attempt;
  if (newPassword !== undefined)
    return await startAnew(deps, attempt, { account, secondFactor, newPassword });
  const passwordHash = await betterHash(deps, account, attempt.password);
  return await startSession(deps, attempt, { account, passwordHash, secondFactor });
}

async function startAnew(
  deps: IdentityDeps,
  attempt: CountedAttempt,
  { account, secondFactor, newPassword }: Proof & { readonly newPassword: string },
): Promise<TokenPair | null> {
  const cause = causeOfOrigin(attempt, { type: 'user', id: account.id });
  const replaced = await replacePassword(deps, { account, newPassword, cause });
  if (replaced === null) return null;
  return await startSession(deps, attempt, { account: replaced, passwordHash: null, secondFactor });
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
