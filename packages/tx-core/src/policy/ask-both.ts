import { MOST_ALTERNATIVES, MOST_GROUPS, type RejectionEffect, type StepUp } from '@ironforge/contracts';
import type { ResolvedGroup } from './quorum.ts';
import { strictestStepUp } from './step-up.ts';

type Groups = readonly ResolvedGroup[];

/** What a rule asks of people; `alternatives` are joined by OR, the groups of one by AND. */
export type Ask = {
  readonly alternatives: readonly Groups[];
  readonly stepUp: StepUp | null;
  readonly timeoutMs: number;
  readonly rejection: RejectionEffect;
};

/** What contents both of two rules; null when it takes more alternatives, or more groups in one, than a rule may have. */
export function askBoth(ours: Ask, theirs: Ask): Ask | null {
  const alternatives = bothAlternatives(ours.alternatives, theirs.alternatives);
  if (alternatives.length > MOST_ALTERNATIVES) return null;
  if (alternatives.some(({ length }) => length > MOST_GROUPS)) return null;
  return {
    alternatives,
    stepUp: strictestStepUp([ours.stepUp, theirs.stepUp]),
    timeoutMs: Math.min(ours.timeoutMs, theirs.timeoutMs),
    rejection: [ours.rejection, theirs.rejection].includes('ends') ? 'ends' : 'counts',
  };
}

/** Mostly one rule decides for both: what contents it once contents it twice. */
function bothAlternatives(ours: Ask['alternatives'], theirs: Ask['alternatives']): Ask['alternatives'] {
  if (JSON.stringify(ours) === JSON.stringify(theirs)) return ours;
  return ours.flatMap((own) => theirs.map((their) => joined(own, their)));
}

/** All groups of both. A group of the same people on either side is one, of the higher number: it fills both. */
function joined(ours: Groups, theirs: Groups): Groups {
  const left = [...theirs];
  const own = ours.map((group) => {
    const index = left.findIndex((their) => peopleOf(their) === peopleOf(group));
    const [same = group] = index === -1 ? [] : left.splice(index, 1);
    return same.required > group.required ? same : group;
  });
  return [...own, ...left];
}

/** Who loses the role counts for its group no more, so that its holders are others than the same people by name. */
function peopleOf({ role, approverIds }: ResolvedGroup): string {
  return `${role}: ${[...new Set(approverIds)].toSorted().join()}`;
}
