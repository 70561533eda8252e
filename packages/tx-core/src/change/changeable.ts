import type { StepUp } from '@ironforge/contracts';
import type { UserId } from '@ironforge/kernel';
import { quorumStatus } from '../policy/quorum.ts';
import type { Rule } from '../policy/rule.ts';
import { type Electorate, quorumOfChange, stepUpOfChange } from './quorum-of-change.ts';

/** Who may propose changes, and who could approve one as it is asked of him. */
export type Voters = Pick<Electorate, 'holdersOf'> & {
  readonly authorIds: readonly UserId[];
  readonly canApprove: (id: UserId, stepUp: StepUp | null) => boolean;
};

/**
 * True while at least one author could have others approve a change under these rules of a default policy, or needs nobody.
 * Where none can, none ever will: who is missing becomes an approver by a change alone.
 */
export function isChangeable(
  defaultRules: readonly Rule[],
  { authorIds, holdersOf, canApprove }: Voters,
): boolean {
  return authorIds.some((author) => {
    const groups = quorumOfChange(defaultRules, { holdersOf, excluded: [author] });
    const people = groups.flatMap(({ approverIds }) => approverIds);
    const able = people.filter((id) => canApprove(id, stepUpOfChange(groups, id)));
    return groups.length === 0 || quorumStatus([groups], able).isMet;
  });
}
