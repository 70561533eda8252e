import { setTimeout as sleep } from 'node:timers/promises';

/** A gate that all messages of one consumer pass; it closes for a growing while when a dependency is down. */
export interface Pause {
  /** Resolves when the gate is open, or when `signal` aborts. */
  passed(signal: AbortSignal): Promise<void>;
  /** Closes the gate, twice as long as the last time; true if it was open before any failure. */
  close(): boolean;
  /** The dependency answered: the next closing starts short again. True if there had been a failure. */
  reset(): boolean;
  isPaused(): boolean;
}

/** The shortest and the longest pause. */
export interface PauseOptions {
  readonly minMs: number;
  readonly maxMs: number;
}

/** Makes a gate that is open. */
export function createPause({ minMs, maxMs }: PauseOptions): Pause {
  let delayMs = 0;
  let openAt = 0;
  return {
    passed: async (signal) => {
      for (let waitMs = left(); waitMs > 0 && !signal.aborted; waitMs = left()) {
        await sleep(waitMs, undefined, { signal }).catch(() => undefined);
      }
    },
    close: () => {
      const wasOpen = delayMs === 0;
      if (left() === 0) {
        delayMs = Math.min(maxMs, Math.max(minMs, delayMs * 2));
        openAt = performance.now() + delayMs;
      }
      return wasOpen;
    },
    reset: () => {
      const wasPaused = delayMs > 0;
      delayMs = 0;
      openAt = 0;
      return wasPaused;
    },
    isPaused: () => delayMs > 0,
  };

  function left(): number {
    return Math.max(0, Math.ceil(openAt - performance.now()));
  }
}
