import { branded, type TenantId, type UserId } from '@ironforge/kernel';
import { causeOfOrigin, type Origin } from '@ironforge/service-kit';
import type { Tx } from '@ironforge/store';
import type { AccessClaims } from '../credentials/access-tokens.ts';
import {
  issueRefreshToken,
  type RefreshToken,
  REFRESH_TOKEN_MS,
  readRefreshToken,
} from '../credentials/refresh-tokens.ts';
import type { IdentityDeps } from '../deps.ts';
import { endFamilies, type LockedFamily, lockFamily, rotateFamily } from '../queries/refresh-families.ts';
import { type TokenPair, tokenPair } from './start-session.ts';

interface Rotated {
  readonly claims: AccessClaims;
  readonly refreshToken: string;
}

/**
 * Changes a refresh token for a new pair; null when it is not valid. One that was changed before and comes back has
 * been stolen or leaked: it ends the session (RFC 9700, 4.14.2) and tells `security.refresh_token_reused`.
 */
export async function useRefreshToken(
  deps: IdentityDeps,
  text: string,
  origin: Origin,
): Promise<TokenPair | null> {
  const token = readRefreshToken(deps.keyedHash, text);
  if (token === null) return null;
  const rotated = await deps.store
    .system('sign_in')
    .transaction(async (tx) => await useIn(deps, tx, { token, origin }), { isolation: 'read committed' });
  return rotated === null ? null : await tokenPair(deps, rotated.claims, rotated.refreshToken);
}

interface Use {
  readonly token: RefreshToken;
  readonly origin: Origin;
}

async function useIn(deps: IdentityDeps, tx: Tx, { token, origin }: Use): Promise<Rotated | null> {
  const family = await lockFamily(tx, token.sessionId);
  if (family === undefined || family.ended_at !== null) return null;
  if (family.current_token_hash !== token.hash) {
    await endReused(deps, tx, { claims: claimsOf(family, token.sessionId), origin });
    return null;
  }
  const isUsable = family.expires_at > deps.clock() && isActive(family);
  return isUsable ? await rotate(deps, tx, claimsOf(family, token.sessionId)) : null;
}

function isActive(family: LockedFamily): boolean {
  return family.user_status === 'active' && family.tenant_status === 'active';
}

function claimsOf(family: LockedFamily, sessionId: string): AccessClaims {
  return {
    tenantId: branded<TenantId>(family.tenant_id),
    userId: branded<UserId>(family.user_id),
    sessionId,
  };
}

async function rotate(deps: IdentityDeps, tx: Tx, claims: AccessClaims): Promise<Rotated> {
  const next = issueRefreshToken(deps.keyedHash, claims.sessionId);
  const now = deps.clock();
  await rotateFamily(
    tx,
    { tenant_id: claims.tenantId, id: claims.sessionId },
    {
      current_token_hash: next.hash,
      expires_at: new Date(now.getTime() + REFRESH_TOKEN_MS),
      updated_at: now,
    },
  );
  return { claims, refreshToken: next.text };
}

interface Reuse {
  readonly claims: AccessClaims;
  readonly origin: Origin;
}

async function endReused(deps: IdentityDeps, tx: Tx, { claims, origin }: Reuse): Promise<void> {
  const { tenantId, userId, sessionId } = claims;
  await endFamilies(tx, { tenant_id: tenantId, id: sessionId }, { reason: 'reuse', now: deps.clock() });
  const cause = causeOfOrigin(origin, { type: 'service', id: 'identity' });
  const data = { userId, sessionId };
  deps.outbox.add(tx, [
    deps.events.event('security.refresh_token_reused', {
      tenantId,
      subject: sessionId,
      version: 1,
      cause,
      data,
    }),
  ]);
}
