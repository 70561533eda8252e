import type { ChainFailure } from '@ironforge/chain-core';
import { isRecord } from './json-reader.ts';

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

/** A result, the node's own error, or no answer at all (`failed` is then a transport failure). */
export type RpcAnswer =
  | { readonly result: unknown }
  | { readonly error: RpcError }
  | { readonly failed: ChainFailure };

/** One endpoint. Never throws: what went wrong is in each answer. */
export interface RpcClient {
  readonly url: string;
  /** Answers in the order of the calls, sent in chunks of `maxBatch`. */
  batch(calls: readonly RpcCall[]): Promise<readonly RpcAnswer[]>;
}

/** One endpoint: how long an exchange may take (5 s), how many calls it takes at once (100). */
export interface RpcClientOptions {
  readonly url: string;
  readonly timeoutMs?: number;
  readonly maxBatch?: number;
}

/** A JSON-RPC 2.0 client over HTTP for one endpoint. A call that timed out is of unknown outcome, never failed. */
export function createRpcClient({ url, timeoutMs = 5_000, maxBatch = 100 }: RpcClientOptions): RpcClient {
  return {
    url,
    async batch(calls) {
      const answers: RpcAnswer[] = [];
      for (let from = 0; from < calls.length; from += maxBatch) {
        answers.push(...(await exchange(url, timeoutMs, calls.slice(from, from + maxBatch))));
      }
      return answers;
    },
  };
}

async function exchange(
  url: string,
  timeoutMs: number,
  calls: readonly RpcCall[],
): Promise<readonly RpcAnswer[]> {
  const body = calls.map((call, id) => ({ jsonrpc: '2.0', id, ...call }));
  const answer = await post(url, timeoutMs, JSON.stringify(body));
  return 'failed' in answer ? calls.map(() => answer) : inOrder(calls.length, answer.body);
}

interface NoAnswer {
  readonly failed: ChainFailure;
}

async function post(
  url: string,
  timeoutMs: number,
  body: string,
): Promise<{ readonly body: unknown } | NoAnswer> {
  try {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(url, {
      method: 'POST',
      headers,
      body,
      signal: AbortSignal.timeout(timeoutMs),
    });
    if (response.status === 429) return { failed: { reason: 'rate_limited', detail: 'HTTP 429' } };
    if (response.status >= 500)
      return { failed: { reason: 'unknown_outcome', detail: `HTTP ${response.status}` } };
    return { body: await response.json() };
  } catch (error) {
    return { failed: transportFailure(error) };
  }
}

const NEVER_SENT = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'];

function transportFailure(error: unknown): ChainFailure {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = isRecord(cause) && typeof cause['code'] === 'string' ? cause['code'] : '';
  const detail = cause instanceof Error ? cause.message || cause.name : 'no answer';
  return { reason: NEVER_SENT.includes(code) ? 'unreachable' : 'unknown_outcome', detail };
}

/** Servers may answer a batch in any order, or refuse it as a whole with one object. */
function inOrder(count: number, body: unknown): readonly RpcAnswer[] {
  const lost: RpcAnswer = { failed: { reason: 'unknown_outcome', detail: 'no answer to this call' } };
  if (!Array.isArray(body)) return Array.from({ length: count }, () => answerOf(body));
  const answers: RpcAnswer[] = Array.from({ length: count }, () => lost);
  for (const item of body)
    if (isRecord(item) && typeof item['id'] === 'number') answers[item['id']] = answerOf(item);
  return answers.slice(0, count);
}

function answerOf(item: unknown): RpcAnswer {
  if (isRecord(item) && isRecord(item['error'])) return { error: errorOf(item['error']) };
  if (isRecord(item) && 'result' in item) return { result: item['result'] };
  return { failed: { reason: 'unknown_outcome', detail: 'not a JSON-RPC answer' } };
}

function errorOf(error: Record<string, unknown>): RpcError {
  const { code, message, data } = error;
  return {
    code: typeof code === 'number' ? code : 0,
    message: typeof message === 'string' ? message : '',
    data,
  };
}
