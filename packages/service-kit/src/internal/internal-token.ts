import type { Clock } from '@ironforge/kernel';
import {
  createLocalJWKSet,
  importJWK,
  type JWTPayload,
  type JWTVerifyGetKey,
  jwtVerify,
  SignJWT,
} from 'jose';
import type { Caller } from './caller.ts';
import { callerOf, claimsOf, INTERNAL_TOKEN_SECONDS } from './claims.ts';
import type { InternalJwks, SigningKey } from './keys.ts';

/** Signs a token of 60 s that tells `audience` (a service's name) who calls. */
export type IssueInternalToken = (audience: string, caller: Caller) => Promise<string>;

/** Who calls and through which service; null when the token is not valid here and now. */
export type VerifyInternalToken = (token: string) => Promise<VerifiedCall | null>;

/** What a valid token tells. */
export interface VerifiedCall {
  readonly issuer: string;
  readonly caller: Caller;
}

/** Issues internal tokens (EdDSA JWT, RFC 8037) of the service that the key's `kid` names. */
export function createTokenIssuer(key: SigningKey, clock: Clock): IssueInternalToken {
  const imported = importJWK(key, 'EdDSA');
  return async (audience, caller) => {
    const seconds = Math.floor(clock().getTime() / 1000);
    return await new SignJWT(claimsOf(caller))
      .setProtectedHeader({ alg: 'EdDSA', kid: key.kid })
      .setIssuer(key.kid)
      .setAudience(audience)
      .setIssuedAt(seconds)
      .setExpirationTime(seconds + INTERNAL_TOKEN_SECONDS)
      .sign(await imported);
  };
}

/** Whose tokens are taken, by whom. */
export interface TokenVerifierOptions {
  readonly jwks: InternalJwks;
  /** The name of the service that is being called. */
  readonly audience: string;
  readonly clock: Clock;
}

/** Verifies internal tokens: signature, audience, age, and that the issuer is the owner of the key. */
export function createTokenVerifier(options: TokenVerifierOptions): VerifyInternalToken {
  const keys = createLocalJWKSet({ keys: options.jwks.keys.map((key) => ({ ...key })) });
  return async (token) => {
    const verified = await verify(token, keys, options);
    const issuer = verified?.payload.iss;
    if (issuer === undefined || issuer !== verified?.kid) return null;
    const caller = callerOf(issuer, verified.payload);
    return caller === null ? null : { issuer, caller };
  };
}

interface Verified {
  readonly payload: JWTPayload;
  readonly kid: string | undefined;
}

async function verify(
  token: string,
  keys: JWTVerifyGetKey,
  options: TokenVerifierOptions,
): Promise<Verified | null> {
  try {
    const { payload, protectedHeader } = await jwtVerify(token, keys, {
      audience: options.audience,
      algorithms: ['EdDSA'],
      maxTokenAge: INTERNAL_TOKEN_SECONDS,
      clockTolerance: 5,
      currentDate: options.clock(),
      requiredClaims: ['iss', 'exp', 'iat'],
    });
    return { payload, kid: protectedHeader.kid };
  } catch {
    return null;
  }
}
