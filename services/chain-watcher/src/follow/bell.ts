/** What wakes a loop that waits. */
export interface Bell {
  readonly ring: () => void;
  readonly close: () => void;
  readonly isClosed: () => boolean;
  /** Until it rings, or was rung since the last wait. */
  readonly rung: () => Promise<void>;
  /** The same, or until the time is over. */
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
  const rung = async () => {
    if (!isRung && !isClosed) await new Promise<void>((resolve) => (answer = resolve));
    isRung = false;
  };
  return {
    ring,
    close: () => {
      isClosed = true;
      ring();
    },
    isClosed: () => isClosed,
    rung,
    wait: async (ms) => {
      const timer = setTimeout(ring, ms);
      await rung();
      clearTimeout(timer);
    },
  };
}
