import type { PolicyDecision } from '@ironforge/tx-core';

/** For each rule up to the one that decided: whether it matched, and why. */
export type Explanation = readonly {
  readonly rule: string;
  readonly matched: boolean;
  readonly why: string;
}[];

/** Tells a decision so that a person can follow it. */
export function explanationOf({ rule, skipped }: PolicyDecision): Explanation {
  const earlier = skipped.map(({ rule: name, because }) => ({
    rule: name,
    matched: false,
    why: `does not match: ${because.join(', ')}`,
  }));
  return rule === null ? earlier : [...earlier, { rule, matched: true, why: 'every condition holds' }];
}
