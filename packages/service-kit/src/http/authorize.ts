import { type Access, appError, type Route } from '@ironforge/contracts';
import type { Caller } from '../internal/caller.ts';
import type { VerifyInternalToken } from '../internal/internal-token.ts';

/** Who calls this route, by its Authorization header; throws `unauthenticated`, `permission_denied` or `clocks_differ`. */
export type Authorize = (route: Route, authorization: string | undefined) => Promise<Caller>;

/** The one service that may pass on calls from outside. */
const GATEWAY = 'gateway';

/** Checks the internal token and the route's access rule: a service behind the gateway accepts nothing else. */
export function createAuthorize(verify: VerifyInternalToken): Authorize {
  return async (route, authorization) => {
    const token = /^Bearer (\S+)$/.exec(authorization ?? '')?.[1];
    const call = token === undefined ? null : await verify(token);
    if (call === null) throw appError('unauthenticated');
    if (route.access !== 'service' && call.issuer !== GATEWAY) throw appError('permission_denied');
    if (!mayCall(route.access, call.caller))
      throw appError('permission_denied', { detail: `this route needs ${route.access}` });
    return call.caller;
  };
}

function mayCall(access: Access, caller: Caller): boolean {
  if (access === 'service' || access === 'public') return caller.kind === 'service';
  if (caller.kind !== 'user') return false;
  return access === 'authenticated' || caller.permissions.includes(access);
}
