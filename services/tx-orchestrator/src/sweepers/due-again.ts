/** Says of names that are asked for again and again when each is due: first after a while, then a while after it was done. */
export interface DueAgain {
  /** Whether it is due now; it stays due until it is done. */
  readonly isDue: (name: string) => boolean;
  /** From now on the while begins anew. */
  readonly done: (name: string) => void;
  /** Forgets the names that were not asked for since the last call. */
  readonly endRound: () => void;
}

/** Keeps in memory since when names wait; `nowMs` must only rise. */
export function createDueAgain(afterMs: number, nowMs: () => number): DueAgain {
  let before = new Map<string, number>();
  let round = new Map<string, number>();
  return {
    isDue: (name) => {
      const since = round.get(name) ?? before.get(name) ?? nowMs();
      round.set(name, since);
      return nowMs() - since >= afterMs;
    },
    done: (name) => void round.set(name, nowMs()),
    endRound: () => {
      before = round;
      round = new Map();
    },
  };
}
