import { appError, type PolicyRuleInput } from '@ironforge/contracts';
import { branded, type ErrorItem, type UserId } from '@ironforge/kernel';
import type { Group } from '@ironforge/tx-core';
import { askPeople, type People } from '../asks/people.ts';
import type { OrchestratorDeps } from '../deps.ts';
import { rulesOf } from './rules.ts';

/** Rules that somebody wants to have, and whose they are. */
export interface WantedRules {
  readonly tenantId: string;
  readonly inputs: readonly PolicyRuleInput[];
  readonly requestId: string;
}

/**
 * Throws `validation_failed` for rules whose groups could never sign, since too few of their people have an approval
 * address: neither a payment nor the change that mends it would get its quorum.
 */
export async function refuseUnprovable(
  deps: Pick<OrchestratorDeps, 'resolveUsers'>,
  { tenantId, inputs, requestId }: WantedRules,
): Promise<void> {
  const wanted = rulesOf(inputs).map(({ effect }) =>
    effect.type === 'require_approvals' && effect.stepUp === 'signature' ? effect.alternatives.flat() : [],
  );
  if (wanted.every((groups) => groups.length === 0)) return;
  const { holders } = await askPeople(deps, { tenantId, userIds: [], requestId });
  const membersOf = ({ approvers, role }: Group) => approvers ?? holders.get(role ?? '') ?? [];
  const userIds = wanted.flat().flatMap(membersOf);
  const people = await askPeople(deps, { tenantId, userIds, requestId });
  const errors = wanted.flatMap((groups, index) =>
    groups.flatMap((group) => shortageOf(group, { members: membersOf(group), people, index })),
  );
  if (errors.length > 0) throw appError('validation_failed', { errors });
}

interface Place {
  readonly members: readonly string[];
  readonly people: People;
  readonly index: number;
}

function shortageOf({ name, required }: Group, { members, people, index }: Place): ErrorItem[] {
  const { approverIds, addressOf } = people;
  const counting = members.map((id) => branded<UserId>(id)).filter((id) => approverIds.has(id));
  const able = new Set(counting.filter((id) => addressOf.has(id))).size;
  if (able >= required) return [];
  const detail = `of ${name} only ${able} have an approval address, and ${required} have to sign`;
  return [{ pointer: `/rules/${index}/effect/stepUp`, code: 'too_few_addresses', detail }];
}
