import { setTimeout as sleep } from 'node:timers/promises';

/** How long, and how often it is asked. */
export interface WaitOptions {
  readonly timeoutMs?: number;
  readonly intervalMs?: number;
}

/**
 * Asks again and again until the answer is neither null, undefined nor false, and gives it. Throws after the time-out
 * (120 s by default: it ends what hangs, and measures nothing) with what it waited for and what it saw or met last.
 */
export async function waitUntil<T>(
  what: string,
  ask: () => Promise<T | null | undefined | false> | T | null | undefined | false,
  { timeoutMs = 120_000, intervalMs = 20 }: WaitOptions = {},
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  let last: unknown;
  while (performance.now() < deadline) {
    try {
      const answer = await ask();
      if (answer !== null && answer !== undefined && answer !== false) return answer;
      last = answer;
    } catch (error) {
      last = error;
    }
    await sleep(intervalMs);
  }
  throw new Error(`waited ${timeoutMs} ms for: ${what}; last seen: ${String(last)}`, { cause: last });
}
