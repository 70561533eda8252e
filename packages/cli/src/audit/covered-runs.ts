import type { FollowedCertificate } from './read-certificate.ts';

/** An unbroken run of numbers that one certificate covers. */
export interface CoveredRun {
  readonly first: number;
  readonly last: number;
  readonly of: FollowedCertificate;
}

/** The numbers that certificates cover. */
export interface CoveredRuns {
  readonly runOf: (sequence: number) => CoveredRun | undefined;
  /** How many numbers between two, both left out, are covered. */
  readonly countBetween: (after: number, before: number) => number;
}

/** Puts the runs of all certificates that can be read in order; where two overlap, the later one gets a flaw. */
export function coveredRuns(certificates: readonly FollowedCertificate[]): CoveredRuns {
  const runs = inOrder(certificates);
  const before = countsBefore(runs);
  const countUpTo = (sequence: number) => {
    const at = indexUpTo(runs, sequence);
    const run = runs[at];
    return run === undefined ? 0 : (before[at] ?? 0) + Math.min(sequence, run.last) - run.first + 1;
  };
  return {
    runOf: (sequence) => {
      const run = runs[indexUpTo(runs, sequence)];
      return run !== undefined && run.last >= sequence ? run : undefined;
    },
    countBetween: (after, upTo) => countUpTo(upTo - 1) - countUpTo(after),
  };
}

function inOrder(certificates: readonly FollowedCertificate[]): CoveredRun[] {
  const runs = certificates
    .flatMap((of) => runsOf(of))
    .toSorted((a, b) => a.first - b.first || a.of.sequence - b.of.sequence);
  const ordered: CoveredRun[] = [];
  for (const run of runs) {
    const overlaps = (ordered.at(-1)?.last ?? 0) >= run.first;
    if (overlaps) run.of.flaw = 'covers what another one covers';
    else ordered.push(run);
  }
  return ordered;
}

function runsOf(of: FollowedCertificate): CoveredRun[] {
  if (of.flaw !== null || of.certificate === null) return [];
  return of.certificate.ranges.map(([first, last]) => ({ first, last, of }));
}

/** How many numbers the runs before each one cover. */
function countsBefore(runs: readonly CoveredRun[]): number[] {
  let count = 0;
  return runs.map(({ first, last }) => {
    const before = count;
    count += last - first + 1;
    return before;
  });
}

/** The place of the last run that begins at or before a number; -1 when there is none. */
function indexUpTo(runs: readonly CoveredRun[], sequence: number): number {
  let [low, high] = [0, runs.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((runs[middle]?.first ?? 0) <= sequence) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
