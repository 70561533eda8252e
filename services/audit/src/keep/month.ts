/** A month of UTC: its name, as `2026-03`, its beginning, and the beginning of the next one. */
export interface Month {
  readonly name: string;
  readonly start: Date;
  readonly end: Date;
}

/** The month in which a time lies. */
export function monthOf(time: Date): Month {
  const [year, month] = [time.getUTCFullYear(), time.getUTCMonth()];
  return {
    name: time.toISOString().slice(0, 7),
    start: new Date(Date.UTC(year, month)),
    end: new Date(Date.UTC(year, month + 1)),
  };
}

/** Months that end here or before ended at least so many days ago. */
export function dueUntil(now: Date, keptDays: number): Date {
  return monthOf(new Date(now.getTime() - keptDays * DAY_MS)).start;
}

const DAY_MS = 86_400_000;
