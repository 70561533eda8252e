/** Gathers items while work on earlier ones is under way, and hands them on in batches, one batch at a time. */
export interface Batcher<T> {
  readonly add: (items: readonly T[]) => void;
  /** Resolves when nothing waits and nothing is under way. */
  readonly drained: () => Promise<void>;
}

/** Limits of a batcher, and what it does with a batch. */
export interface BatcherOptions<T> {
  readonly maxBatch: number;
  /** What comes beyond this is dropped: only for items that somebody else will find. */
  readonly maxWaiting: number;
  /** Must not reject. */
  readonly work: (batch: readonly T[]) => Promise<void>;
}

/** Makes a batcher; the first item starts the work at once. */
export function createBatcher<T>({ maxBatch, maxWaiting, work }: BatcherOptions<T>): Batcher<T> {
  const waiting: T[] = [];
  let running: Promise<void> | null = null;

  async function drain(): Promise<void> {
    while (waiting.length > 0) await work(waiting.splice(0, maxBatch));
    running = null;
  }

  return {
    add(items) {
      waiting.push(...items.slice(0, Math.max(0, maxWaiting - waiting.length)));
      running ??= drain();
    },
    drained: async () => {
      await running;
    },
  };
}
