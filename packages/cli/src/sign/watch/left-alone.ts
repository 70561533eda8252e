/** The tasks that this signer leaves alone for a while, and what was said about them. */
export interface LeftAlone {
  /** Leaves a task alone, each time for longer; true when that reason was not said about it before. */
  leave(id: string, reason: string, nowMs: number): boolean;
  forget(id: string): void;
  has(id: string, nowMs: number): boolean;
  /** Those left alone now, the newest first. */
  ids(nowMs: number): string[];
}

interface Rest {
  readonly times: number;
  readonly untilMs: number;
  readonly said: string;
}

const FIRST_MS = 30_000;
const LONGEST_MS = 900_000;
/** After so long without trouble a task is new again. */
const FORGET_MS = 3_600_000;

/** Begins with none. */
export function createLeftAlone(): LeftAlone {
  const rests = new Map<string, Rest>();
  const isResting = (id: string, nowMs: number) => (rests.get(id)?.untilMs ?? 0) > nowMs;
  return {
    leave: (id, reason, nowMs) => {
      forgetOld(rests, nowMs);
      const before = rests.get(id);
      const times = (before?.times ?? 0) + 1;
      const untilMs = nowMs + Math.min(FIRST_MS * 2 ** (times - 1), LONGEST_MS);
      rests.delete(id);
      rests.set(id, { times, untilMs, said: reason });
      return before?.said !== reason;
    },
    forget: (id) => void rests.delete(id),
    has: isResting,
    ids: (nowMs) => [...rests.keys()].filter((id) => isResting(id, nowMs)).toReversed(),
  };
}

function forgetOld(rests: Map<string, Rest>, nowMs: number): void {
  for (const [id, { untilMs }] of rests) if (untilMs + FORGET_MS < nowMs) rests.delete(id);
}
