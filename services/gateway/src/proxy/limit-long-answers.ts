import { appError } from '@ironforge/contracts';
import { createPlaces } from '@ironforge/service-kit';
import type { RequestHandler } from 'express';
import { admittedTenant } from './admit.ts';

/** Of a tenant, in one process: more than the streams that the audit service gives it, so that there is room for files beside them. */
const AT_ONCE = 32;
const RETRY_SECONDS = 10;

/** Stands behind `admit` on routes whose answers may be long: a tenant has so many of them at once, or 429 `too_many_streams`. */
export function limitLongAnswers(): RequestHandler {
  const places = createPlaces(AT_ONCE);
  return (_request, response, next) => {
    if (response.closed) return;
    const leave = places.take(admittedTenant(response));
    if (leave === null) throw appError('too_many_streams', { retryAfterSeconds: RETRY_SECONDS });
    response.once('close', leave);
    next();
  };
}
