import type { ChainFailure } from '@ironforge/chain-core';
import { exchange } from './exchange.ts';
import { isRecord } from './json-reader.ts';

/** What a server answered; the body is undefined when it is no JSON. */
export interface PostedBody {
  readonly status: number;
  readonly body: unknown;
  readonly retryAfter: string | null;
  readonly nowMs: number;
}

/** Where to, and for how long at most. */
export interface PostOptions {
  readonly url: string;
  readonly timeoutMs: number;
}

/** Posts JSON. What went wrong on the way is `failed`: never sent, or of unknown outcome. */
export async function post(
  { url, timeoutMs }: PostOptions,
  body: string,
): Promise<PostedBody | { readonly failed: ChainFailure }> {
  try {
    const { place, headers } = addressed(url);
    const signal = AbortSignal.timeout(timeoutMs);
    const answer = await exchange(place, { method: 'POST', headers, body, signal });
    const { statusCode: status } = answer;
    const retryAfter = [answer.headers['retry-after'] ?? []].flat()[0] ?? null;
    return { status, retryAfter, body: parsed(await answer.body.text()), nowMs: Date.now() };
  } catch (error) {
    return { failed: transportFailure(error) };
  }
}

/** A name and password in a URL go into the header, and never into an error that quotes the URL. */
function addressed(text: string): { place: URL; headers: Record<string, string> } {
  const url = new URL(text);
  const headers = { 'content-type': 'application/json' };
  if (url.username === '' && url.password === '') return { place: url, headers };
  const pair = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  const authorization = `Basic ${Buffer.from(pair).toString('base64')}`;
  Object.assign(url, { username: '', password: '' });
  return { place: url, headers: { ...headers, authorization } };
}

// The parser's own message quotes what it could not read, which may be the path with the key.
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const NEVER_SENT = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'];

function transportFailure(error: unknown): ChainFailure {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = isRecord(cause) && typeof cause['code'] === 'string' ? cause['code'] : '';
  const detail = cause instanceof Error ? cause.message || code || cause.name : 'no answer';
  return { reason: NEVER_SENT.includes(code) ? 'unreachable' : 'unknown_outcome', detail };
}
