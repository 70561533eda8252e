import type { Logger } from '@ironforge/kernel';
import type { Request, RequestHandler } from 'express';
import type { Metrics } from '../observe/metrics.ts';
import { originOf } from './origin.ts';

/** Counts and logs every request when it has been answered, by its route's pattern. */
export function observeRequests(metrics: Metrics, log: Logger): RequestHandler {
  return (request, response, next) => {
    const start = process.hrtime.bigint();
    response.once('close', () => {
      const seconds = Number(process.hrtime.bigint() - start) / 1e9;
      const observed = {
        method: request.method,
        route: patternOf(request),
        status: response.statusCode,
        seconds,
      };
      metrics.observeRequest(observed);
      const { requestId, traceparent } = originOf(response);
      log.info({ ...observed, requestId, traceparent }, 'request answered');
    });
    next();
  };
}

/** The pattern of the route that a request came to, `none` when there is no such route. */
export function patternOf(request: Request): string {
  // express types the matched route as any.
  const route: unknown = request.route;
  return typeof route === 'object' && route !== null && 'path' in route ? String(route.path) : 'none';
}
