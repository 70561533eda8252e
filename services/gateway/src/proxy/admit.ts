import { appError, type Route } from '@ironforge/contracts';
import { assert, present, type TenantId } from '@ironforge/kernel';
import {
  type Caller,
  type IssueInternalToken,
  MAX_BODY_BYTES,
  originOf,
  REQUEST_ID_HEADER,
} from '@ironforge/service-kit';
import type { RequestHandler, Response } from 'express';
import type { Authenticate } from '../entry/authenticate.ts';
import { enforce } from '../limits/enforce.ts';
import type { RateLimits } from '../limits/rate-limits.ts';

/** What decides about a request. */
export interface AdmitDeps {
  readonly authenticate: Authenticate;
  readonly limits: RateLimits;
  readonly issueToken: IssueInternalToken;
}

/** Lets a request of this route through when limits and credential allow it, with an internal token in place of the credential. */
export function admit(route: Route, deps: AdmitDeps): RequestHandler {
  assert(Boolean(route.access) && route.access !== 'service', `${route.path} is not for the outside`);
  return async (request, response, next) => {
    const { limits } = deps;
    enforce(response, await limits.overAll());
    if (Number(request.get('content-length') ?? 0) > MAX_BODY_BYTES) throw appError('body_too_large');
    const caller = await callerOf(route, deps, response);
    if (caller.kind === 'user') tenants.set(response, caller.tenantId);
    await adopt(response, deps.issueToken(route.service, caller));
    next();
  };
}

/** The tenant of whoever was let through; public routes have none. */
export function admittedTenant(response: Response): TenantId {
  return present(tenants.get(response), 'the tenant of a request that was let through');
}

const tenants = new WeakMap<Response, TenantId>();

async function callerOf(route: Route, deps: AdmitDeps, response: Response): Promise<Caller> {
  if (route.access === 'public') return { kind: 'service', service: 'gateway' };
  const who = await deps.authenticate(response.req.get('authorization'), originOf(response));
  enforce(response, await deps.limits.byCaller(who));
  return who.caller;
}

/** From here on the request speaks for the gateway. */
async function adopt(response: Response, token: Promise<string>): Promise<void> {
  const request = response.req;
  const { requestId, traceparent } = originOf(response);
  request.headers.authorization = `Bearer ${await token}`;
  request.headers[REQUEST_ID_HEADER] = requestId;
  request.headers['traceparent'] = traceparent;
  delete request.headers.cookie;
}
