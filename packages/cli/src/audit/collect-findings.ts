import type { Finding, FindingKind } from './finding.ts';

/** Findings of a log of any length, in the order in which they came. */
export interface FindingList {
  readonly add: (findings: readonly Finding[]) => void;
  /** Behind those that are kept, one line for each kind of which there are more. */
  readonly all: () => readonly Finding[];
}

/** So many of a kind are told one by one. */
const KEPT_PER_KIND = 1_000;

/** A list that keeps the first findings of each kind and counts the others, so that a log that is wrong all over fits in memory. */
export function collectFindings(): FindingList {
  const kept: Finding[] = [];
  const counts = new Map<FindingKind, number>();
  return {
    add: (findings) => {
      for (const finding of findings) addOne(finding);
    },
    all: () => [...kept, ...[...counts].flatMap(moreOf)],
  };

  function addOne(finding: Finding): void {
    const count = (counts.get(finding.kind) ?? 0) + 1;
    counts.set(finding.kind, count);
    if (count <= KEPT_PER_KIND) kept.push(finding);
  }
}

function moreOf([kind, count]: readonly [FindingKind, number]): Finding[] {
  const more = count - KEPT_PER_KIND;
  return more > 0
    ? [{ kind, subject: `${more} more`, detail: 'of this kind were found and are not listed' }]
    : [];
}
