import { appError, type Route } from '@ironforge/contracts';
import { AppError, assert, present } from '@ironforge/kernel';
import type { Request, RequestHandler, Response } from 'express';
import { ANSWER_WITHIN_HEADER, answerByOf } from '../internal/answer-within.ts';
import type { Caller, ServiceCaller, UserCaller } from '../internal/caller.ts';
import type { Authorize } from './authorize.ts';
import { readIdempotencyKey } from './idempotency-key.ts';
import { originOf } from './origin.ts';
import { parseParams } from './parse-params.ts';
import { parsePart } from './parse-part.ts';
import { readJson } from './read-json.ts';
import type { ApiRequest, Handler, Origin } from './route.ts';
import { checkAnswer, sendAnswer } from './send-answer.ts';

/** A route with its behaviour, ready to be mounted once it is known how callers are verified. */
export interface BoundRoute {
  readonly route: Route;
  readonly handlers: (options: BindingOptions) => RequestHandler[];
}

/** What a bound route needs to be mounted. */
export interface BindingOptions {
  readonly authorize: Authorize;
  /** Compare every answer with the contract: on everywhere but in production. */
  readonly checksAnswers: boolean;
  /** Raised when the server stops. */
  readonly stopping: AbortSignal;
}

/** Ties a handler to a route that needs a login. Throws when the route declares another access rule, or none. */
export function bind<R extends Route>(route: R, handler: Handler<R, UserCaller>): BoundRoute {
  assert(!isOpen(route) && Boolean(route.access), `${route.method} ${route.path} names no permission`);
  return bound(route, handler, requireUser);
}

/** Ties a handler to a route without login: a public one (the gateway calls) or an internal one (any service calls). */
export function bindForServices<R extends Route>(route: R, handler: Handler<R, ServiceCaller>): BoundRoute {
  assert(isOpen(route), `${route.method} ${route.path} is neither public nor internal`);
  return bound(route, handler, requireService);
}

function isOpen(route: Route): boolean {
  return route.access === 'public' || route.access === 'service';
}

function requireUser(caller: Caller): UserCaller {
  if (caller.kind !== 'user') throw appError('permission_denied');
  return caller;
}

function requireService(caller: Caller): ServiceCaller {
  if (caller.kind !== 'service') throw appError('permission_denied');
  return caller;
}

function bound<R extends Route, C extends Caller>(
  route: R,
  handler: Handler<R, C>,
  narrow: (caller: Caller) => C,
): BoundRoute {
  const handlers = ({ authorize, checksAnswers, stopping }: BindingOptions): RequestHandler[] => [
    authorizeStep(route, authorize),
    ...(route.method === 'GET' ? [] : readJson()),
    async (request, response) => {
      const caller = narrow(present(callers.get(request), 'the caller of a request'));
      const parts = { ...readRequest(route, caller, request), hungUp: hungUpSignal(response) };
      const answer = await handler({ ...originOf(response), ...parts, caller });
      if (answer instanceof AppError) throw answer;
      if (checksAnswers) checkAnswer(route, answer);
      await sendAnswer(response, { route, stopping }, answer);
    },
  ];
  return { route, handlers };
}

const callers = new WeakMap<Request, Caller>();

function authorizeStep(route: Route, authorize: Authorize): RequestHandler {
  return async (request, _response, next) => {
    callers.set(request, await authorize(route, request.get('authorization')));
    next();
  };
}

function readRequest<R extends Route>(route: R, caller: Caller, request: Request): RequestParts<R> {
  const body: unknown = request.body ?? (request.body === null ? null : {});
  return {
    params: parseParams<R['params']>(route.params, request.params),
    query: parsePart<R['query']>(route.query, { ...request.query }, ['query']),
    body: parsePart<R['body']>(route.body, body, []),
    // After the body was parsed: its hash walks through it, and only now it is known not to be too deep.
    idempotency: readIdempotencyKey(route, caller, request),
    headers: plainHeaders(request.headers),
    answerBy: answerByOf(request.get(ANSWER_WITHIN_HEADER)),
  };
}

type RequestParts<R extends Route> = Omit<ApiRequest<R>, 'caller' | 'hungUp' | keyof Origin>;

function hungUpSignal(response: Response): AbortSignal {
  const hangUp = new AbortController();
  const end = () => {
    if (!response.writableFinished) hangUp.abort();
  };
  if (response.closed) end();
  else response.once('close', end);
  return hangUp.signal;
}

function plainHeaders(headers: Readonly<Record<string, string | string[] | undefined>>) {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
  );
}
