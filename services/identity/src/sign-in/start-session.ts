import { branded, type TenantId, type UserId } from '@ironforge/kernel';
import { causeOfOrigin, type EventMessage } from '@ironforge/service-kit';
import type { Tx } from '@ironforge/store';
import { isActive } from '../accounts/is-active.ts';
import { ACCESS_TOKEN_SECONDS, type AccessClaims } from '../credentials/access-tokens.ts';
import type { SecondFactor } from '../credentials/recovery-codes.ts';
import { issueRefreshToken, REFRESH_TOKEN_MS } from '../credentials/refresh-tokens.ts';
import type { IdentityDeps } from '../deps.ts';
import { sealField } from '../personal/user-fields.ts';
import { insertFamily } from '../queries/refresh-families.ts';
import { forgetFailures } from '../queries/sign-in-throttles.ts';
import { findSignInAccount, noteSignIn, type SignInAccount } from '../queries/users.ts';
import type { CountedAttempt } from './attempt.ts';

/** What a client gets for a sign-in or a refresh. */
export interface TokenPair {
  readonly accessToken: string;
  readonly tokenType: 'Bearer';
  /** Seconds until the access token ends. */
  readonly expiresIn: number;
  readonly refreshToken: string;
}

/** An account whose password was given. */
export interface ProvedAccount {
  readonly account: SignInAccount;
  /** To be stored instead of a weaker one; null when the stored one is good. */
  readonly passwordHash: string | null;
  /** By what he was proved beside it. */
  readonly secondFactor: SecondFactor | null;
}

/**
 * Stores a new session of a proved account, forgets its failures, and tells `session.login_succeeded`. Proving takes a while:
 * null when the account is suspended or has another password by now. Right under concurrency because it is SERIALIZABLE.
 */
export async function startSession(
  deps: IdentityDeps,
  attempt: CountedAttempt,
  { account, passwordHash, secondFactor }: ProvedAccount,
): Promise<TokenPair | null> {
  const claims = {
    tenantId: branded<TenantId>(account.tenant_id),
    userId: branded<UserId>(account.id),
    sessionId: deps.newId(),
  };
  const refreshToken = issueRefreshToken(deps.keyedHash, claims.sessionId);
  const now = deps.clock();
  const whereabouts_cipher = sealWhereabouts(deps, { account, sessionId: claims.sessionId }, attempt);
  const isStarted = await deps.store.system('sign_in').transaction(async (tx) => {
    if (!(await isProved(tx, account))) return false;
    await insertFamily(tx, { ...familyOf(claims, refreshToken.hash, now), whereabouts_cipher });
    await noteSignIn(tx, account, {
      last_login_at: now,
      ...(passwordHash === null ? {} : { password_hash: passwordHash }),
    });
    await forgetFailures(tx, attempt.account);
    deps.outbox.add(tx, [loginSucceeded(deps, { ...claims, secondFactor }, attempt)]);
    return true;
  });
  return isStarted ? await tokenPair(deps, claims, refreshToken.text) : null;
}

/** True while what was proved of an account still stands. */
export async function isProved(tx: Tx, account: SignInAccount): Promise<boolean> {
  const now = await findSignInAccount(tx, account);
  return now !== undefined && isActive(now) && now.password_hash === account.password_hash;
}

/** The pair of tokens of a session. */
export async function tokenPair(
  { accessTokens }: Pick<IdentityDeps, 'accessTokens'>,
  claims: AccessClaims,
  refreshToken: string,
): Promise<TokenPair> {
  const accessToken = await accessTokens.issue(claims);
  return { accessToken, tokenType: 'Bearer', expiresIn: ACCESS_TOKEN_SECONDS, refreshToken };
}

interface Session {
  readonly account: SignInAccount;
  readonly sessionId: string;
}

function sealWhereabouts(
  deps: IdentityDeps,
  { account, sessionId }: Session,
  { ip, userAgent }: CountedAttempt,
) {
  const field = { table: 'refresh_families', column: 'whereabouts_cipher', row: sessionId } as const;
  return sealField(deps, account, { field, text: JSON.stringify({ ip, userAgent }) });
}

function familyOf(claims: AccessClaims, tokenHash: string, now: Date) {
  return {
    id: claims.sessionId,
    tenant_id: claims.tenantId,
    user_id: claims.userId,
    current_token_hash: tokenHash,
    expires_at: new Date(now.getTime() + REFRESH_TOKEN_MS),
    created_at: now,
  };
}

function loginSucceeded(
  { events }: IdentityDeps,
  { secondFactor, ...claims }: AccessClaims & Pick<ProvedAccount, 'secondFactor'>,
  attempt: CountedAttempt,
): EventMessage {
  return events.event('session.login_succeeded', {
    tenantId: claims.tenantId,
    subject: claims.sessionId,
    version: 1,
    cause: causeOfOrigin(attempt, { type: 'user', id: claims.userId }),
    data: {
      userId: claims.userId,
      sessionId: claims.sessionId,
      mfaUsed: secondFactor !== null,
      secondFactor,
    },
  });
}
