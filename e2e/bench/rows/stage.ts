import type { Crew } from '../load/crew.ts';
import type { Flight } from '../load/flight.ts';
import type { Options } from '../options.ts';

/** One run: what the measurements share, and what the first of them found out for the others. */
export interface Stage {
  readonly options: Options;
  readonly say: (line: string) => void;
  /** A new tenant under the rules of a profile; the oracle looks at all of them afterwards. */
  readonly hire: (profile: Crew['profile'], payers?: number) => Promise<Crew>;
  /** Remembers transfers for the oracle, and gives them back. */
  readonly keep: (flight: Flight) => Flight;
  /** Transfers of ether a second under P, the most that was reached in this run; 0 before it was measured. */
  most: number;
}

/** The most that was reached; P is measured before whatever builds on it. */
export function mostOf({ most }: Stage): number {
  if (most === 0) throw new Error('P was not measured before');
  return most;
}
