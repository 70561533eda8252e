import { setTimeout as sleep } from 'node:timers/promises';

/** Gathers items while work on earlier ones is under way, and hands them on in batches, one batch at a time. */
export interface Batcher<T> {
  readonly add: (items: readonly T[]) => void;
  /** Resolves when nothing waits and nothing is under way. */
  readonly drained: () => Promise<void>;
}

/** Limits of a batcher, and what it does with a batch. */
export interface BatcherOptions<T> {
  readonly maxBatch: number;
  /** For how long a batch that is not full gathers more, in milliseconds; 0 by default. */
  readonly gatherMs?: number;
  /** What comes beyond this is dropped: only for items that somebody else will find. */
  readonly maxWaiting: number;
  /** Must not reject. */
  readonly work: (batch: readonly T[]) => Promise<void>;
}

/** Makes a batcher; the first item starts the work at once. */
export function createBatcher<T>({
  maxBatch,
  gatherMs = 0,
  maxWaiting,
  work,
}: BatcherOptions<T>): Batcher<T> {
  const waiting: T[] = [];
  let running: Promise<void> | null = null;

  async function drain(): Promise<void> {
    while (waiting.length > 0) {
      if (gatherMs > 0 && waiting.length < maxBatch) await sleep(gatherMs);
      await work(waiting.splice(0, maxBatch));
    }
    running = null;
  }

  return {
    add(items) {
      waiting.push(...items.slice(0, Math.max(0, maxWaiting - waiting.length)));
      if (waiting.length > 0) running ??= drain(); // with nothing to do it would end before it is assigned
    },
    drained: async () => {
      await running;
    },
  };
}
