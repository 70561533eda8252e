import { isRecord } from './json-reader.ts';
import type { RpcError } from './rpc-client.ts';

/** A refusal for asking too often: its `Retry-After` header, or the node's error, as far as there is one. */
export interface TooOften {
  readonly retryAfter: string | null;
  readonly error: RpcError | null;
  readonly nowMs: number;
}

/** What an endpoint may ask us to wait at most; a daily limit is tried again now and then. */
const LONGEST_MS = 900_000;

/** How long an endpoint wants to be left alone, in milliseconds; null when it does not say. */
export function statedDelayMs({ retryAfter, error, nowMs }: TooOften): number | null {
  const said = headerMs(retryAfter, nowMs) ?? dataMs(error?.data) ?? textMs(error?.message ?? '');
  return said === null || said <= 0 ? null : Math.min(said, LONGEST_MS);
}

/** Seconds, or a date (RFC 9110, section 10.2.3). */
function headerMs(header: string | null, nowMs: number): number | null {
  if (header === null) return null;
  if (/^\d+$/.test(header.trim())) return Number(header) * 1_000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? null : date - nowMs;
}

/** Infura: `{ rate: { backoff_seconds } }`, sometimes with a fraction, sometimes 0 (INFURA/infura #201, gakonst/ethers-rs #1711). */
function dataMs(data: unknown): number | null {
  const rate = isRecord(data) ? data['rate'] : null;
  const seconds = isRecord(rate) ? rate['backoff_seconds'] : null;
  return typeof seconds === 'number' ? Math.ceil(seconds * 1_000) : null;
}

const STATED = /(?:retry|try again|wait)(?: in)? (?:(\d+)m)?(?:(\d+(?:\.\d+)?)s)?\b/i;

/** "please wait 23s and retry" (godwokenrises/godwoken-web3 #452), "retry in 1m30s". */
function textMs(text: string): number | null {
  const [, minutes, seconds] = STATED.exec(text) ?? [];
  if (minutes === undefined && seconds === undefined) return null;
  return Number(minutes ?? 0) * 60_000 + Math.ceil(Number(seconds ?? 0) * 1_000);
}
