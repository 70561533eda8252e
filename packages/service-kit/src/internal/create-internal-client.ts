import {
  answerOf,
  appError,
  type ErrorCode,
  isErrorCode,
  type Problem,
  type Route,
  type RouteAnswer,
  type RouteInput,
  requestOf,
} from '@ironforge/contracts';
import { type AppError, assert, type ErrorItem, type Retry } from '@ironforge/kernel';
import { ExponentialBackoff, handleWhen, type IPolicy, retry } from 'cockatiel';
import type { z } from 'zod';
import { ANSWER_WITHIN_HEADER, remainingMs } from './answer-within.ts';
import { exchange } from './exchange.ts';
import type { IssueInternalToken } from './internal-token.ts';
import { reuseTokens } from './reuse-tokens.ts';

/** What a client is made with. */
export interface InternalClientOptions {
  /** The name of the calling service. */
  readonly service: string;
  /** Base URLs by the name of the called service. */
  readonly urls: Readonly<Record<string, string>>;
  readonly issueToken: IssueInternalToken;
  /** For one try; 5,000 by default. */
  readonly timeoutMs?: number;
  /** How often a call is repeated when no connection could be made, for example while the service restarts; 4 by default. */
  readonly maxRetries?: number;
}

/** What a call fills into a route, and what it belongs to. */
export interface InternalRequest<R extends Route> extends Omit<RouteInput<R>, 'headers'> {
  readonly requestId?: string;
  readonly traceparent?: string;
  /** By when, on the clock of `performance.now()`, it has failed if nobody answered, though its own patience be longer. */
  readonly answerBy?: number | undefined;
}

/**
 * Calls another service and parses its answer. Throws `dependency_down` when it does not answer, `dependency_failed` when it says
 * that it failed, else the AppError it answered. For the first a consumer pauses; the second counts as a failure of its message.
 */
export type CallInternal = <R extends Route>(
  route: R,
  request: InternalRequest<R>,
) => Promise<z.output<R['reply']>>;

/**
 * A client for the routes under `/internal`; it calls in the name of the service itself. Most of these routes change nothing, or
 * once by an id: a call that was lost is repeated. One whose repetition is unsafe is repeated only while it was never sent.
 * Each says how long it waits, so that calls which the other makes for its answer end before.
 */
export function createInternalClient(options: InternalClientOptions): CallInternal {
  const { maxRetries: maxAttempts = 4 } = options;
  const backoff = new ExponentialBackoff({ initialDelay: 100, maxDelay: 1000 });
  const policies = {
    safe: retry(handleWhen(isLost), { maxAttempts, backoff }),
    unsafe: retry(handleWhen(isUnsent), { maxAttempts, backoff }),
  };
  const caller = { kind: 'service', service: options.service } as const;
  const issue = reuseTokens(options.issueToken);
  const tokenFor = async (audience: string) => await issue(audience, caller);
  return async (route, request) => {
    const answer = await ask({ ...options, policy: policies[route.repetition], tokenFor }, route, request);
    if ('problem' in answer) throw faultOf(route, answer);
    assert('reply' in answer, 'an internal route does what it is asked, or refuses');
    return answer.reply;
  };
}

interface Asking extends InternalClientOptions {
  readonly policy: IPolicy;
  readonly tokenFor: (audience: string) => Promise<string>;
}

async function ask<R extends Route>(
  { policy, ...options }: Asking,
  route: R,
  request: InternalRequest<R>,
): Promise<RouteAnswer<R> & { readonly again: Retry }> {
  try {
    const { status, text, again } = await policy.execute(async () => await send(options, route, request));
    return { ...answerOf(route, status, text), again };
  } catch (cause) {
    throw down(route, cause);
  }
}

/** Throws the signal's reason on a time-out, and anything else when no connection could be made or it was lost. */
async function send<R extends Route>(options: Omit<Asking, 'policy'>, route: R, input: InternalRequest<R>) {
  const withinMs = remainingMs(options.timeoutMs ?? 5_000, input.answerBy);
  const own = { ...headersOf(input), [ANSWER_WITHIN_HEADER]: String(withinMs) };
  const { method, path, headers, body } = requestOf(route, { ...input, headers: own });
  const authorization = `Bearer ${await options.tokenFor(route.service)}`;
  const answer = await exchange(new URL(path, options.urls[route.service]), {
    method,
    headers: { ...headers, authorization },
    body: body ?? null,
    signal: AbortSignal.timeout(withinMs),
  });
  const again: Retry = answer.headers['retry-after'] === undefined ? 'never' : 'later';
  return { status: answer.statusCode, text: await answer.body.text(), again };
}

function isLost(error: unknown): boolean {
  return !(error instanceof Error && error.name === 'TimeoutError');
}

/** True when no connection could be made. */
function isUnsent(error: unknown): boolean {
  return error instanceof Error && 'code' in error && UNSENT.has(error.code);
}

const UNSENT: ReadonlySet<unknown> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'UND_ERR_CONNECT_TIMEOUT',
]);

function headersOf<R extends Route>({ requestId, traceparent }: InternalRequest<R>): Record<string, string> {
  return {
    ...(requestId === undefined ? {} : { 'x-request-id': requestId }),
    ...(traceparent === undefined ? {} : { traceparent }),
  };
}

interface Refusal {
  readonly problem: Problem;
  /** Whether the same call can work later, as `Retry-After` tells. */
  readonly again: Retry;
}

function faultOf(route: Route, { problem, again }: Refusal): AppError {
  const { code, status, detail, errors } = problem;
  if (!isErrorCode(code)) return down(route, problem);
  if (code === 'internal_error') return failed(route, problem);
  if (status >= 500)
    return PASSED_ON.has(code) ? appError(code, { detail, retry: 'later' }) : down(route, problem);
  return appError(code, { detail, errors: errors.map(itemOf), retry: again });
}

/** What a service cannot do for now and a caller is told as it is: it answers, and says why. */
const PASSED_ON: ReadonlySet<ErrorCode> = new Set(['chain_stopped', 'dependency_failed']);

function itemOf({ pointer, code, detail, field }: Problem['errors'][number]): ErrorItem {
  return {
    pointer,
    code,
    ...(detail === undefined ? {} : { detail }),
    ...(field === undefined ? {} : { field }),
  };
}

/** A bug of the service: it is there, and another try may come to the same. */
function failed(route: Route, cause: unknown): AppError {
  return appError('dependency_failed', { detail: `${route.service} failed`, retry: 'later', cause });
}

function down(route: Route, cause: unknown): AppError {
  return appError('dependency_down', { detail: `${route.service} does not answer`, retry: 'later', cause });
}
