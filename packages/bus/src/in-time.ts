import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Waits for a farewell, at most 2 s and whatever its outcome: a broker that is silent never answers it, and amqplib
 * forgets about it when the socket dies meanwhile.
 */
export async function inTime(farewell: Promise<unknown>): Promise<void> {
  const patience = new AbortController();
  const tired = sleep(PATIENCE_MS, undefined, { signal: patience.signal });
  await Promise.race([farewell, tired]).catch(() => undefined);
  patience.abort();
  await tired.catch(() => undefined);
}

const PATIENCE_MS = 2_000;
