import type { StepUp } from '@ironforge/contracts';
import type { UserId } from '@ironforge/kernel';
import type { ResolvedGroup } from '../policy/quorum.ts';
import type { Group, Rule } from '../policy/rule.ts';
import { strictestStepUp } from '../policy/step-up.ts';

/** People of whom so many must approve a change. */
export type ChangeGroup = ResolvedGroup & {
  /** What the strictest of the rules that name these people asks of an approval. */
  readonly stepUp: StepUp | null;
};

/** Who there is, and who has no say. */
export type Electorate = {
  readonly holdersOf: (role: string) => readonly UserId[];
  /** The author, and whom the change is about. */
  readonly excluded: readonly UserId[];
};

/**
 * Whom a change needs: every group that the rules of the default policy name, without those who have no say. Groups of the
 * same people are one, that of the highest number. Without groups any other admin; none when there is no other admin: then
 * it needs nobody.
 */
export function quorumOfChange(
  defaultRules: readonly Rule[],
  electorate: Electorate,
): readonly ChangeGroup[] {
  const named = defaultRules.flatMap((rule) => resolvedOf(rule, electorate));
  return named.length > 0 ? merged(named) : otherAdmins(electorate);
}

/** All groups that rules name, alternatives too. */
export function groupsOf(rules: readonly Rule[]): readonly Group[] {
  return rules.flatMap(({ effect }) =>
    effect.type === 'require_approvals' ? effect.alternatives.flat() : [],
  );
}

/** What an approval of this person has to be proved by: the strictest of what his groups ask for. */
export function stepUpOfChange(groups: readonly ChangeGroup[], userId: UserId): StepUp | null {
  const own = groups.filter(({ approverIds }) => approverIds.includes(userId));
  return strictestStepUp(own.map(({ stepUp }) => stepUp));
}

function resolvedOf(rule: Rule, electorate: Electorate): readonly ChangeGroup[] {
  const { effect } = rule;
  const stepUp = (effect.type === 'require_approvals' ? effect.stepUp : null) ?? null;
  return groupsOf([rule]).map((group) => ({ ...resolved(group, electorate), stepUp }));
}

function resolved(
  { name, required, approvers, role }: Group,
  electorate: Electorate,
): Omit<ChangeGroup, 'stepUp'> {
  const all = approvers ?? (role === undefined ? [] : electorate.holdersOf(role));
  return { name, required, role: role ?? null, approverIds: without(all, electorate.excluded) };
}

function without(ids: readonly UserId[], excluded: readonly UserId[]): UserId[] {
  return [...new Set(ids)].filter((id) => !excluded.includes(id)).toSorted();
}

function merged(groups: readonly ChangeGroup[]): readonly ChangeGroup[] {
  const alike = Map.groupBy(groups, ({ approverIds }) => approverIds.join());
  return [...alike.values()].map((same) => {
    const role = same.find((group) => group.role !== null)?.role ?? null;
    const strictest = same.reduce((one, other) => (other.required > one.required ? other : one));
    return { ...strictest, role, stepUp: strictestStepUp(same.map(({ stepUp }) => stepUp)) };
  });
}

function otherAdmins({ holdersOf, excluded }: Electorate): readonly ChangeGroup[] {
  const approverIds = without(holdersOf('admin'), excluded);
  return approverIds.length === 0
    ? []
    : [{ name: 'admins', required: 1, role: 'admin', approverIds, stepUp: null }];
}
