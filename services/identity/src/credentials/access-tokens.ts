import type { SigningKey } from '@ironforge/service-kit';
import { branded, type Clock, isUuid, type TenantId, type UserId } from '@ironforge/kernel';
import { importJWK, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';

/** How long an access token lives, in seconds. */
export const ACCESS_TOKEN_SECONDS = 900;

const ISSUER = 'ironforge-identity';
const AUDIENCE = 'ironforge-api';

/** Names the session; what its user may do is looked up at every use. */
export interface AccessClaims {
  readonly tenantId: TenantId;
  readonly userId: UserId;
  readonly sessionId: string;
}

/** Makes and reads access tokens. */
export interface AccessTokens {
  issue(claims: AccessClaims): Promise<string>;
  /** Null when the token is not ours, not for us or too old. */
  verify(token: string): Promise<AccessClaims | null>;
}

const uuid = z.string().refine(isUuid);
const payloadShape = z.object({ sub: uuid, tid: uuid, sid: uuid });

/** Access tokens as JWTs signed with EdDSA (RFC 8037), issuer and audience pinned. */
export async function createAccessTokens(key: SigningKey, clock: Clock): Promise<AccessTokens> {
  const { d: _private, ...open } = key;
  const [privateKey, publicKey] = [await importJWK(key, 'EdDSA'), await importJWK(open, 'EdDSA')];
  return {
    issue: async ({ tenantId, userId, sessionId }) => {
      const seconds = Math.floor(clock().getTime() / 1000);
      return await new SignJWT({ tid: tenantId, sid: sessionId })
        .setProtectedHeader({ alg: 'EdDSA', kid: key.kid, typ: 'at+jwt' })
        .setSubject(userId)
        .setIssuer(ISSUER)
        .setAudience(AUDIENCE)
        .setIssuedAt(seconds)
        .setExpirationTime(seconds + ACCESS_TOKEN_SECONDS)
        .sign(privateKey);
    },
    verify: async (token) => await verify(token, publicKey, clock),
  };
}

type VerificationKey = Awaited<ReturnType<typeof importJWK>>;

async function verify(token: string, key: VerificationKey, clock: Clock): Promise<AccessClaims | null> {
  const rules = {
    issuer: ISSUER,
    audience: AUDIENCE,
    algorithms: ['EdDSA'],
    typ: 'at+jwt',
    currentDate: clock(),
  };
  // jose throws for every token that is not valid; which rule it broke is nobody's business.
  const verified = await jwtVerify(token, key, rules).catch(() => null);
  const parsed = payloadShape.safeParse(verified?.payload);
  if (!parsed.success) return null;
  const { sub, tid, sid } = parsed.data;
  return { userId: branded<UserId>(sub), tenantId: branded<TenantId>(tid), sessionId: sid };
}
