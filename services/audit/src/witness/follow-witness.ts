import { setTimeout as sleep } from 'node:timers/promises';
import { type AskDeps, createRounds } from './create-rounds.ts';
import { createTelling } from './telling.ts';
import type { Witness } from './witness.ts';

/** What following stands on. */
export interface FollowDeps extends Omit<AskDeps, 'stop' | 'telling'> {
  /** How often it is looked for logs that grew. */
  readonly lookMs: number;
}

/**
 * Asks a witness about every log that grew, at most once in a pace for each log whatever the number of processes, until disposed.
 * What it has not cosigned is found by state, so nothing is lost by a restart; a witness that is away holds up nothing else.
 */
export function followWitness(deps: FollowDeps, witness: Witness): AsyncDisposable {
  const stop = new AbortController();
  const telling = createTelling(deps.log, witness.key.name);
  const round = createRounds({ ...deps, telling, stop: stop.signal }, witness);
  const running = followUntilStopped();
  return {
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await running;
    },
  };

  async function followUntilStopped(): Promise<void> {
    while (!stop.signal.aborted) {
      await round().catch((error: unknown) => telling.failed(error));
      await sleep(deps.lookMs, undefined, { signal: stop.signal }).catch(() => undefined);
    }
  }
}
