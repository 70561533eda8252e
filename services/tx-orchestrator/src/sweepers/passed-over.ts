/** The places that a sweep leaves out for a while, because the work failed there: otherwise they would stay the oldest. */
export interface PassedOver {
  /** The work failed again: left out for twice as long as last time, `mostMs` at most. */
  readonly failed: (name: string, mostMs: number) => void;
  readonly succeeded: (name: string) => void;
  readonly has: (name: string) => boolean;
  /** All that are left out now, for a query that takes the oldest of the others. */
  readonly names: () => readonly string[];
}

interface Failing {
  readonly forMs: number;
  readonly endMs: number;
}

const FIRST_MS = 1_000;
/** Nobody asked for it so long after its time: it is no longer there. */
const FORGOTTEN_AFTER_MS = 600_000;

/** Keeps them in memory, since only the process that leads sweeps; `nowMs` must only rise. */
export function createPassedOver(nowMs: () => number): PassedOver {
  const failing = new Map<string, Failing>();
  const isLeftOut = (one: Failing | undefined) => one !== undefined && one.endMs > nowMs();
  return {
    failed: (name, mostMs) => {
      const last = failing.get(name);
      const forMs = Math.min(last === undefined ? FIRST_MS : 2 * last.forMs, mostMs);
      failing.set(name, { forMs, endMs: nowMs() + forMs });
    },
    succeeded: (name) => void failing.delete(name),
    has: (name) => isLeftOut(failing.get(name)),
    names: () => {
      for (const [name, { endMs }] of failing)
        if (endMs + FORGOTTEN_AFTER_MS <= nowMs()) failing.delete(name);
      return [...failing].flatMap(([name, one]) => (isLeftOut(one) ? [name] : []));
    },
  };
}
