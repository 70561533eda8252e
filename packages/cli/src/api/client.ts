import {
  answerOf,
  type ReplyOf,
  type Route,
  type RouteAnswer,
  type RouteInput,
  requestOf,
} from '@ironforge/contracts';
import { AppError } from '@ironforge/kernel';
import { trouble } from '../trouble.ts';

const TIMEOUT_MS = 30_000;

/** How long to wait for an answer, and what ends the wait before. */
export interface Patience {
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** The API as one caller speaks it. */
export interface Api {
  /** Asks and gives the answer, a refusal too. Throws `not_running` when nothing answers. */
  ask<R extends Route>(route: R, input?: RouteInput<R>, patience?: Patience): Promise<RouteAnswer<R>>;
  /** Asks and gives the reply; a refusal is thrown with its code, detail and findings, and when to ask again where it says so. */
  call<R extends Route>(route: R, input?: RouteInput<R>, patience?: Patience): Promise<ReplyOf<R>>;
}

/** The API at a URL, with an access token or an API key; without one only public routes answer. Throws `usage` for no URL. */
export function createApi(url: string, bearer?: string): Api {
  if (!URL.canParse(url)) throw trouble('usage', `"${url}" is no address of a gateway: it must be a URL`);
  const exchange = async (
    ...[route, input = {}, patience = {}]: Parameters<Api['ask']>
  ): Promise<Response> => {
    const { path, ...request } = requestOf(route, input);
    const headers = {
      ...request.headers,
      ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }),
    };
    return await send(new URL(path, url), { ...request, headers }, patience);
  };
  return {
    ask: async (...args) => read(args[0], await exchange(...args)),
    call: async (...args) => {
      const response = await exchange(...args);
      return replyOf(read(args[0], response), response.retryAfterSeconds);
    },
  };
}

interface Response {
  readonly status: number;
  /** What `Retry-After` says. */
  readonly retryAfterSeconds: number | undefined;
  readonly text: string;
}

function read<R extends Route>(route: R, { status, text }: Response): RouteAnswer<R> {
  try {
    return answerOf(route, status, text);
  } catch (error) {
    const what = `${route.method} ${route.path} answered ${status} with what its contract does not promise`;
    throw trouble('failed', `${what}: ${text.slice(0, 200)}`, error);
  }
}

async function send(url: URL, request: RequestInit, { timeoutMs, signal }: Patience): Promise<Response> {
  const late = AbortSignal.timeout(timeoutMs ?? TIMEOUT_MS);
  try {
    const response = await fetch(url, {
      ...request,
      signal: AbortSignal.any([late, ...(signal ? [signal] : [])]),
    });
    const retryAfterSeconds = secondsIn(response.headers.get('retry-after'));
    return { status: response.status, retryAfterSeconds, text: await response.text() };
  } catch (error) {
    signal?.throwIfAborted();
    throw trouble('not_running', `${url.origin} does not answer: is IronForge running there?`, error);
  }
}

function secondsIn(header: string | null): number | undefined {
  return header !== null && /^\d{1,6}$/.test(header) ? Number(header) : undefined;
}

function replyOf<R extends Route>(answer: RouteAnswer<R>, retryAfterSeconds: number | undefined): ReplyOf<R> {
  if ('reply' in answer) return answer.reply;
  if ('change' in answer)
    throw trouble('failed', `others must approve this first: change ${answer.change.changeId}`);
  const { code, title, detail, errors } = answer.problem;
  const findings = errors.map(({ pointer, code: what, field }) => `${pointer}: ${field ?? what}`);
  throw new AppError(code, {
    retryAfterSeconds,
    detail: [...new Set([title, detail, ...findings])].filter((text) => text !== '').join('; '),
  });
}
