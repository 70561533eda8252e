import { appError } from '@ironforge/contracts';
import type { AppError, Clock } from '@ironforge/kernel';
import {
  createLocalJWKSet,
  errors,
  importJWK,
  type JWTPayload,
  type JWTVerifyGetKey,
  jwtVerify,
  SignJWT,
} from 'jose';
import type { Caller } from './caller.ts';
import { callerOf, claimsOf, INTERNAL_TOKEN_SECONDS } from './claims.ts';
import { createKept } from './kept.ts';
import type { InternalJwks, SigningKey } from './keys.ts';

/** Signs a token of 60 s that tells `audience` (a service's name) who calls. */
export type IssueInternalToken = (audience: string, caller: Caller) => Promise<string>;

/**
 * Who calls and through which service; null when the token is not valid here. Throws `clocks_differ` for one that is, but at
 * another time: between services that is no fault of who calls.
 */
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

/**
 * Verifies internal tokens: signature, audience, age, and that the issuer is the owner of the key. A token that was verified
 * is known until it expires, since it is used for many calls.
 */
export function createTokenVerifier(options: TokenVerifierOptions): VerifyInternalToken {
  const keys = createLocalJWKSet({ keys: options.jwks.keys.map((key) => ({ ...key })) });
  const known = createKept<VerifiedCall & { readonly exp: number }>();
  return async (token) => {
    const before = known.get(token);
    if (before !== undefined && options.clock().getTime() < before.exp * 1_000) return before;
    const verified = await verify(token, keys, options);
    const call = verified && callIn(verified);
    if (call !== null) known.set(token, call);
    return call;
  };
}

function callIn({ payload, kid }: Verified) {
  const { iss: issuer, exp } = payload;
  if (issuer === undefined || exp === undefined || issuer !== kid) return null;
  const caller = callerOf(issuer, payload);
  return caller === null ? null : { issuer, caller, exp };
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
  } catch (error) {
    if (isOutOfTime(error)) throw clocksDiffer(error.payload, options.clock());
    return null;
  }
}

/** Said of a token whose signature and audience are right. */
function isOutOfTime(error: unknown): error is errors.JWTExpired | errors.JWTClaimValidationFailed {
  if (error instanceof errors.JWTExpired) return true;
  return error instanceof errors.JWTClaimValidationFailed && error.claim === 'iat';
}

function clocksDiffer({ iss, iat = 0 }: JWTPayload, now: Date): AppError {
  const seconds = Math.round(now.getTime() / 1_000) - iat;
  const difference = `${Math.abs(seconds)} s ${seconds < 0 ? 'behind' : 'ahead of'}`;
  const otherwise = seconds < 0 ? '' : ', or it waited so long on its way';
  const detail = `this clock is ${difference} the token of ${iss}, which lasts ${INTERNAL_TOKEN_SECONDS} s${otherwise}`;
  return appError('clocks_differ', { detail, retry: 'later' });
}
