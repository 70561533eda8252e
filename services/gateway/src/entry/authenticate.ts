import { appError, INTERNAL_ROUTES } from '@ironforge/contracts';
import { type ApiKeyId, branded, hasCode, type TenantId, type UserId } from '@ironforge/kernel';
import type { CallInternal, Origin, UserCaller } from '@ironforge/service-kit';
import type { z } from 'zod';

/** A caller as identity knows it at this moment, with the limits of its tenant. */
export interface Authenticated {
  readonly caller: UserCaller;
  readonly requestsPerMinute: number;
}

/** Turns an Authorization header into a caller. Throws `unauthenticated`, or `dependency_down` while identity is away. */
export type Authenticate = (authorization: string | undefined, origin: Origin) => Promise<Authenticated>;

const BEARER = /^Bearer +([A-Za-z0-9._~+/=-]{1,4000})$/i;
const API_KEY_PREFIX = 'ifk_';

/** Asks identity each time it is called: rights count when they are used. */
export function createAuthenticate(call: CallInternal): Authenticate {
  return async (authorization, origin) => {
    const token = BEARER.exec(authorization ?? '')?.[1];
    if (token === undefined) throw appError('unauthenticated');
    const { requestId, traceparent } = origin;
    const answer = call(INTERNAL_ROUTES.authenticate, {
      body: credential(token, origin.ip),
      requestId,
      traceparent,
    });
    return authenticated(await answer.catch(refuseUnlessDown));
  };
}

function credential(token: string, clientIp: string) {
  return token.startsWith(API_KEY_PREFIX)
    ? { apiKey: token.slice(0, 500), clientIp }
    : { accessToken: token };
}

/** Whatever identity does not take is no credential. */
function refuseUnlessDown(error: unknown): never {
  if (hasCode(error, 'validation_failed')) throw appError('unauthenticated');
  throw error;
}

function authenticated(known: z.output<typeof INTERNAL_ROUTES.authenticate.reply>): Authenticated {
  const { tenantId, userId, apiKeyId, sessionId, roles, permissions, limits } = known;
  return {
    caller: {
      kind: 'user',
      tenantId: branded<TenantId>(tenantId),
      userId: branded<UserId>(userId),
      apiKeyId: apiKeyId === null ? null : branded<ApiKeyId>(apiKeyId),
      sessionId,
      roles,
      permissions,
    },
    requestsPerMinute: limits.requestsPerMinute,
  };
}
