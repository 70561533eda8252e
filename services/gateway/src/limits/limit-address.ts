import { originOf } from '@ironforge/service-kit';
import type { RequestHandler } from 'express';
import { enforce } from './enforce.ts';
import type { RateLimits } from './rate-limits.ts';

/**
 * Counts a request by its address. It stands before all but readiness, so also before what no route takes; and before what everybody
 * shares, which must not be used up by what one address is refused.
 */
export function limitAddress(limits: Pick<RateLimits, 'byAddress'>): RequestHandler {
  return async (_request, response, next) => {
    enforce(response, await limits.byAddress(originOf(response).ip));
    next();
  };
}
