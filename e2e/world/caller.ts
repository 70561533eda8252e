import {
  answerOf,
  type ChangeReceipt,
  type ReplyOf,
  type Route,
  type RouteAnswer,
  type RouteInput,
  requestOf,
} from '@ironforge/contracts';
import { environment } from './environment.ts';

/** An answer as it came over the wire. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

export interface RawRequest {
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | null;
}

/** The public API as one caller speaks it. */
export interface Caller {
  /** Sends anything at all. */
  raw(request: RawRequest): Promise<RawAnswer>;
  /** Gives reply or problem, both checked against the contract. */
  ask<R extends Route>(route: R, input?: RouteInput<R>): Promise<RouteAnswer<R>>;
  /** Gives the reply. Throws when the answer is a problem, with all of it in the message. */
  call<R extends Route>(route: R, input?: RouteInput<R>): Promise<ReplyOf<R>>;
  /** Gives status and code of a refusal; a success is `{ status, code: null }`. */
  outcome<R extends Route>(route: R, input?: RouteInput<R>): Promise<Outcome>;
}

export interface Outcome {
  readonly status: number;
  readonly code: string | null;
}

/** The change of an answer that must be one: others have to approve it. */
export function changeOf(answer: RouteAnswer<Route>): ChangeReceipt {
  if ('change' in answer) return answer.change;
  throw new Error(`no change: ${JSON.stringify(answer)}`);
}

/** A caller with an access token or API key, or with none. */
export function callerWith(bearer?: string): Caller {
  const authorization: Record<string, string> =
    bearer === undefined ? {} : { authorization: `Bearer ${bearer}` };
  const raw: Caller['raw'] = async ({ method, path, headers, body }) => {
    const request = { method, body: body ?? null, headers: { ...authorization, ...headers } };
    const response = await fetch(new URL(path, environment.gatewayUrl), request);
    return { status: response.status, headers: response.headers, text: await textOf(response) };
  };
  const ask: Caller['ask'] = async (route, input = {}) => {
    const { status, text } = await raw(requestOf(route, input));
    return answerOf(route, status, text);
  };
  return {
    raw,
    ask,
    call: async (...args) => replyOf(await ask(...args)),
    outcome: async (...args) => outcomeOf(await ask(...args)),
  };
}

function replyOf<R extends Route>(answer: RouteAnswer<R>): ReplyOf<R> {
  if ('reply' in answer) return answer.reply;
  throw new Error(JSON.stringify(answer));
}

function outcomeOf(answer: RouteAnswer<Route>): Outcome {
  return { status: answer.status, code: 'problem' in answer ? answer.problem.code : null };
}

/** Of a stream, which never ends, all that there is by now: up to the comment that says so. */
async function textOf(response: Response): Promise<string> {
  const isStream = response.headers.get('content-type')?.startsWith('text/event-stream');
  if (!isStream || response.body === null) return await response.text();
  let text = '';
  for await (const part of response.body.pipeThrough(new TextDecoderStream())) {
    text += part;
    if (/^: at /m.test(text)) break;
  }
  return text;
}
