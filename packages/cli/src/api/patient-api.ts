import { setTimeout as rest } from 'node:timers/promises';
import { AppError } from '@ironforge/kernel';
import type { Api } from './client.ts';

/** The API for who wants replies alone: a refusal is thrown. */
export type Calls = Pick<Api, 'call'>;

/** So long one call is repeated before its refusal is told. */
const PATIENCE_SECONDS = 300;

/**
 * The same calls for long work of which a call may be made twice: one that is refused for now, with a time to come back, is made
 * again then, for five minutes at most. `say` hears of each wait.
 */
export function patientApi(api: Calls, say: (line: string) => void): Calls {
  return {
    async call(...args) {
      for (let waited = 0; ; ) {
        try {
          return await api.call(...args);
        } catch (error) {
          const seconds = secondsToWait(error, waited);
          say(`asked again in ${seconds} s: ${messageOf(error)}`);
          await rest(seconds * 1_000);
          waited += Math.max(1, seconds);
        }
      }
    },
  };
}

/** Throws what says no time, and what was waited for long enough. */
function secondsToWait(error: unknown, waited: number): number {
  const seconds = error instanceof AppError ? error.retryAfterSeconds : undefined;
  if (seconds === undefined || waited + seconds > PATIENCE_SECONDS) throw error;
  return seconds;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
