import { setTimeout as sleep } from 'node:timers/promises';

/** How a loop rests: until it is woken, or for a while that nobody shortens. Both end when it is stopped. */
export interface Napper {
  /** Returns at once when somebody woke it since the last time. */
  readonly untilWoken: () => Promise<void>;
  readonly sleep: (ms: number) => Promise<void>;
  readonly wake: () => void;
}

/** Makes a napper that rests no more once the signal is raised. */
export function createNapper(signal: AbortSignal): Napper {
  let bell = Promise.withResolvers<void>();
  signal.addEventListener('abort', () => bell.resolve());
  return {
    untilWoken: async () => {
      await bell.promise;
      if (!signal.aborted) bell = Promise.withResolvers();
    },
    sleep: (ms) => sleep(ms, undefined, { signal }).catch(() => undefined),
    wake: () => bell.resolve(),
  };
}
