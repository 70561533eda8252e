import { ERRORS, isErrorCode } from '@ironforge/contracts';
import { AppError, type Logger } from '@ironforge/kernel';
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import type { Metrics } from '../observe/metrics.ts';
import type { Authorize } from './authorize.ts';
import type { BoundRoute } from './bind.ts';
import { mountHealth, type ReadinessChecks } from './health.ts';
import { mountRoutes, refusePath } from './mount-routes.ts';
import { observeRequests, patternOf } from './observe-requests.ts';
import { assignOrigin, originOf } from './origin.ts';
import { sendProblem } from './problem.ts';
import { translateHttpError } from './read-json.ts';

/** What an app is made of. */
export interface ServiceAppOptions {
  readonly routes: readonly BoundRoute[];
  readonly authorize: Authorize;
  readonly checks: ReadinessChecks;
  readonly metrics: Metrics;
  readonly log: Logger;
  /** Compare every answer with its contract; off in production. */
  readonly checksAnswers: boolean;
  /** Raised when the server stops. */
  readonly stopping: AbortSignal;
}

/** The express app of a service behind the gateway: health, metrics, its routes, and problem+json for everything else. */
export function createServiceApp(options: ServiceAppOptions): Express {
  const app = createBareApp();
  mountHealth(app, options);
  app.use(observeRequests(options.metrics, options.log));
  mountRoutes(
    app,
    options.routes.map(({ route, handlers }) => ({
      method: route.method,
      path: route.path,
      handlers: handlers(options),
    })),
  );
  app.use(refusePath, answerProblems(options.log));
  return app;
}

/** An express app without any habits of its own; every request gets an id and is not to be cached. */
export function createBareApp(): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.enable('case sensitive routing');
  app.set('query parser', 'simple');
  app.use(assignOrigin(), neverCache);
  return app;
}

/** Turns whatever was thrown into problem+json; bugs and parts that are down are logged. */
export function answerProblems(log: Logger): ErrorRequestHandler {
  // oxlint-disable-next-line max-params -- express knows an error handler by its four parameters
  return (thrown: unknown, request, response, _next) => {
    const error = translateHttpError(thrown);
    const { requestId } = originOf(response);
    // The path may hold anything that a client put there, so the log gets the route's pattern.
    if (isTrouble(error)) log.error({ err: error, requestId, route: patternOf(request) }, 'request failed');
    if (response.headersSent) response.destroy();
    else sendProblem(response, error);
  };
}

/** A bug, or a part that is down: whoever runs the system wants to know. */
function isTrouble(error: unknown): boolean {
  if (!(error instanceof AppError) || !isErrorCode(error.code)) return true;
  return ERRORS[error.code].status >= 500;
}

const neverCache: RequestHandler = (_request, response, next) => {
  response.setHeader('Cache-Control', 'no-store');
  next();
};
