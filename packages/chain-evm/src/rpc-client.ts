import type { ChainFailure } from '@ironforge/chain-core';
import { isTransportFailure } from '@ironforge/chain-core';
import { scrubber } from './endpoint-name.ts';
import { isRecord } from './json-reader.ts';
import { translateNodeError } from './node-errors.ts';
import { type PostedBody, post } from './post-json.ts';
import { statedDelayMs } from './stated-delay.ts';

/** One JSON-RPC call. */
export interface RpcCall {
  readonly method: string;
  readonly params: readonly unknown[];
}

/** What a node itself answered with instead of a result. */
export interface RpcError {
  readonly code: number;
  readonly message: string;
  readonly data?: unknown;
}

/** No answer to a call; how long the endpoint wants to be left alone, when it said so. */
export interface RpcSilence {
  readonly failed: ChainFailure;
  readonly pauseMs?: number | undefined;
}

/** A result, the node's own error, or no answer at all (`failed` is then a transport failure). */
export type RpcAnswer = { readonly result: unknown } | { readonly error: RpcError } | RpcSilence;

/** One endpoint. Never throws: what went wrong is in each answer. No text in an answer holds more of the URL than its host. */
export interface RpcClient {
  /** Answers in the order of the calls. */
  send(calls: readonly RpcCall[]): Promise<readonly RpcAnswer[]>;
}

/** One endpoint, and how long an exchange may take. */
export interface RpcClientOptions {
  readonly url: string;
  readonly timeoutMs: number;
}

/** A JSON-RPC 2.0 client over HTTP for one endpoint. A call that timed out is of unknown outcome, never failed. */
export function createRpcClient(options: RpcClientOptions): RpcClient {
  const scrub = scrubber(options.url);
  return {
    async send(calls) {
      const body = calls.map((call, id) => ({ jsonrpc: '2.0', id, ...call }));
      const posted = await post(options, JSON.stringify(body));
      const answers = 'failed' in posted ? calls.map(() => posted) : answersOf(calls.length, posted);
      return answers.map((answer) => scrubbed(answer, scrub));
    },
  };
}

/** HTTP statuses of a server that will not ask its node: no key, a wrong key, a path that is none. */
const NOT_FORWARDED = [401, 402, 403, 404, 405, 407, 410, 451];

function answersOf(count: number, posted: PostedBody): readonly RpcAnswer[] {
  const { status, body } = posted;
  const whole = Array.isArray(body) ? null : answerOf(body, posted);
  const said = whole !== null && 'failed' in whole && whole.failed.reason === 'rate_limited' ? whole : null;
  const forAll = said ?? silenceOf(status, posted) ?? whole;
  return forAll === null ? inOrder(count, posted) : Array.from({ length: count }, () => forAll);
}

function silenceOf(status: number, { retryAfter, nowMs }: PostedBody): RpcSilence | null {
  const detail = `HTTP ${status}`;
  if (status === 429) {
    const pauseMs = statedDelayMs({ retryAfter, error: null, nowMs }) ?? undefined;
    return { failed: { reason: 'rate_limited', detail }, pauseMs };
  }
  if (NOT_FORWARDED.includes(status)) return { failed: { reason: 'unreachable', detail } };
  return status >= 500 || status === 408 ? { failed: { reason: 'unknown_outcome', detail } } : null;
}

/** Servers may answer a batch in any order, or refuse it as a whole with one object. */
function inOrder(count: number, posted: PostedBody): readonly RpcAnswer[] {
  const lost: RpcAnswer = { failed: { reason: 'unknown_outcome', detail: 'no answer to this call' } };
  const answers: RpcAnswer[] = Array.from({ length: count }, () => lost);
  const items: readonly unknown[] = Array.isArray(posted.body) ? posted.body : [];
  for (const item of items)
    if (isRecord(item) && typeof item['id'] === 'number') answers[item['id']] = answerOf(item, posted);
  return answers.slice(0, count);
}

function answerOf(item: unknown, posted: PostedBody): RpcAnswer {
  if (isRecord(item) && isRecord(item['error'])) return refusalOf(errorOf(item['error']), posted);
  if (isRecord(item) && 'result' in item) return { result: item['result'] };
  return { failed: { reason: 'unknown_outcome', detail: 'not a JSON-RPC answer' } };
}

/** An error by which no node judged anything is silence, however it is dressed. */
function refusalOf(error: RpcError, { retryAfter, nowMs }: PostedBody): RpcAnswer {
  const failed = translateNodeError(error);
  if (!isTransportFailure(failed)) return { error };
  return { failed, pauseMs: statedDelayMs({ retryAfter, error, nowMs }) ?? undefined };
}

function errorOf(error: Record<string, unknown>): RpcError {
  const { code, message, data } = error;
  return {
    code: typeof code === 'number' ? code : 0,
    message: typeof message === 'string' ? message : '',
    data,
  };
}

function scrubbed(answer: RpcAnswer, scrub: (text: string) => string): RpcAnswer {
  if ('error' in answer) return { error: { ...answer.error, message: scrub(answer.error.message) } };
  if (!('failed' in answer)) return answer;
  return { ...answer, failed: { ...answer.failed, detail: scrub(answer.failed.detail) } };
}
