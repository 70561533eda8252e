import type { Logger } from '@ironforge/kernel';
import { copyBehind, type RoundDeps } from './copy-behind.ts';
import type { CopyTelemetry } from './copy-telemetry.ts';
import { createNapper } from './create-napper.ts';
import { createTenantTroubles } from './tenant-troubles.ts';
import { createTroubleTeller } from './trouble-teller.ts';

/** What the copier needs besides its rounds. */
export interface CopierDeps extends Omit<RoundDeps, 'troubles'> {
  readonly telemetry: CopyTelemetry;
  readonly log: Logger;
}

/** How long it waits before it tries again. */
export interface CopyPauses {
  /** After each round: what is sealed meanwhile is copied together. */
  readonly gatherMs: number;
  /** While another process copies; it may have looked before our entries were there. */
  readonly busyMs: number;
  /** After the first failure in a row; each further one doubles it, up to `mostMs`. */
  readonly firstMs: number;
  readonly mostMs: number;
  /** After an answer that was refused, of the server or of one tenant: an operator must decide. */
  readonly refusedMs: number;
}

/** Copies sealed batches to immudb. */
export interface Copier extends AsyncDisposable {
  /** Something was sealed: copy it. Returns at once. */
  readonly wake: () => void;
}

/** Makes a copier that sleeps until it is woken; after trouble it goes on by itself. Disposing waits for the part under way. */
export function createCopier(deps: CopierDeps, pauses: CopyPauses): Copier {
  const stop = new AbortController();
  const napper = createNapper(stop.signal);
  const teller = createTroubleTeller(deps);
  const troubles = createTenantTroubles({ ...deps, restMs: pauses.refusedMs });
  const running = copyUntilStopped();
  return {
    wake: napper.wake,
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await running;
    },
  };

  async function copyUntilStopped(): Promise<void> {
    let failures = 0;
    await napper.untilWoken();
    while (!stop.signal.aborted) {
      const state = await round();
      failures = state === 'failed' ? failures + 1 : 0;
      await napper.sleep(pauseAfter(state, failures));
      if (state === 'done') await napper.untilWoken();
    }
  }

  async function round(): Promise<RoundState> {
    try {
      const result = await copyBehind({ ...deps, troubles }, stop.signal);
      if (typeof result === 'object') {
        teller.refused(result.refused);
        return 'refused';
      }
      if (result === 'done') teller.well();
      return result === 'stopped' ? 'busy' : result;
    } catch (error) {
      teller.failed(error);
      return 'failed';
    }
  }

  function pauseAfter(state: RoundState, failures: number): number {
    if (state === 'done') return pauses.gatherMs;
    if (state === 'busy') return pauses.busyMs;
    if (state === 'refused') return pauses.refusedMs;
    return Math.min(pauses.firstMs * 2 ** (failures - 1), pauses.mostMs);
  }
}

type RoundState = 'done' | 'busy' | 'refused' | 'failed';
