/** Says of names that are asked for again and again when each is due: first after a while, then as often. */
export interface DueAgain {
  /** Whether it is due now; then it is due again after the same while. */
  readonly isDue: (name: string) => boolean;
  /** Forgets the names that were not asked for since the last call. */
  readonly endRound: () => void;
}

/** Keeps in memory since when names are asked for; `nowMs` must only rise. */
export function createDueAgain(afterMs: number, nowMs: () => number): DueAgain {
  let before = new Map<string, number>();
  let round = new Map<string, number>();
  return {
    isDue: (name) => {
      const now = nowMs();
      const since = before.get(name) ?? now;
      const isDue = now - since >= afterMs;
      round.set(name, isDue ? now : since);
      return isDue;
    },
    endRound: () => {
      before = round;
      round = new Map();
    },
  };
}
