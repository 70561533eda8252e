import type { IdentityDeps } from '../deps.ts';
import { findSessionAccess } from '../queries/refresh-families.ts';
import { type CallerIdentity, callerIdentity } from './caller-identity.ts';

/** Who holds an access token; null when it is not valid, or its session, user or tenant ended. */
export async function accessBySession(
  { store, accessTokens }: IdentityDeps,
  token: string,
): Promise<CallerIdentity | null> {
  const claims = await accessTokens.verify(token);
  if (claims === null) return null;
  const row = await store.forTenant(claims.tenantId).read(async (tx) => await findSessionAccess(tx, claims));
  const caller = row === undefined ? null : callerIdentity(row);
  return caller === null ? null : { ...caller, sessionId: claims.sessionId };
}
