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

/** The most that was reached; a measurement that builds on it says so when it was left out. */
export function mostOf({ most }: Stage): number {
  if (most === 0) throw new Error('this builds on the rate of P: measure P as well');
  return most;
}
