/** What wakes a loop that waits. */
export interface Bell {
  readonly ring: () => void;
  readonly close: () => void;
  readonly isClosed: () => boolean;
  /** Until it rings, was rung since the last wait, or the time is over. */
  readonly wait: (ms: number) => Promise<void>;
}

/** Makes a bell; closing it rings for good. */
export function createBell(): Bell {
  let isRung = false;
  let isClosed = false;
  let answer = () => {};
  const ring = () => {
    isRung = true;
    answer();
  };
  return {
    ring,
    close: () => {
      isClosed = true;
      ring();
    },
    isClosed: () => isClosed,
    wait: async (ms) => {
      if (!isRung && !isClosed) {
        const { promise, resolve } = Promise.withResolvers<void>();
        answer = resolve;
        const timer = setTimeout(resolve, ms);
        await promise;
        clearTimeout(timer);
      }
      isRung = false;
    },
  };
}
