import { originOf } from '@ironforge/service-kit';
import type { RequestHandler } from 'express';
import { enforce } from './enforce.ts';
import type { RateLimits } from './rate-limits.ts';

/** Counts a request that the gateway answers itself: by its address alone, since health must be told also when the services have all they can take. */
export function limitAddress(limits: Pick<RateLimits, 'byAddress'>): RequestHandler {
  return async (_request, response, next) => {
    enforce(response, await limits.byAddress(originOf(response).ip));
    next();
  };
}
