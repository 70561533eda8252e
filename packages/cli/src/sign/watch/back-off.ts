/** Growing waits between tries. */
export interface BackOff {
  /** The next wait in milliseconds: twice the last, somewhat shorter by chance so that many do not come back at once. */
  next(): number;
  reset(): void;
}

const FIRST_MS = 1_000;
const LONGEST_MS = 30_000;

/** Begins short; `chance` gives 0 to 1. */
export function createBackOff(chance: () => number): BackOff {
  let tries = 0;
  return {
    next: () => Math.min(FIRST_MS * 2 ** tries++, LONGEST_MS) * (1 - chance() / 2),
    reset: () => (tries = 0),
  };
}
