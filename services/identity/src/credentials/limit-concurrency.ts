import { appError } from '@ironforge/contracts';

/** Runs work, a bounded number at once and a bounded number waiting; beyond that throws `rate_limited`. */
export type Limit = <T>(work: () => Promise<T>) => Promise<T>;

/** How many run, and how many may wait. */
export interface LimitOptions {
  readonly running: number;
  readonly waiting: number;
}

/** Makes a limit; who waits is served in order. */
export function limitConcurrency({ running, waiting }: LimitOptions): Limit {
  const queue: (() => void)[] = [];
  let free = running;
  return async (work) => {
    if (free > 0) free--;
    else await takeTurn(queue, waiting);
    try {
      return await work();
    } finally {
      const next = queue.shift();
      if (next === undefined) free++;
      else next();
    }
  };
}

async function takeTurn(queue: (() => void)[], waiting: number): Promise<void> {
  if (queue.length >= waiting) throw appError('rate_limited', { retry: 'later', retryAfterSeconds: 1 });
  const { promise, resolve } = Promise.withResolvers<void>();
  queue.push(resolve);
  await promise;
}
