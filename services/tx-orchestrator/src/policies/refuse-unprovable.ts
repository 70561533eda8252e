import { appError, type PolicyRuleInput } from '@ironforge/contracts';
import { branded, type ErrorItem, type UserId } from '@ironforge/kernel';
import type { Group } from '@ironforge/tx-core';
import type { People } from '../asks/people.ts';
import { membersOf } from './members-of.ts';
import { rulesOf } from './rules.ts';

/**
 * Throws `validation_failed` for rules whose groups could never sign, since too few of their people have an approval
 * address: neither a payment nor the change that mends it would get its quorum.
 */
export function refuseUnprovable(inputs: readonly PolicyRuleInput[], people: People): void {
  const wanted = rulesOf(inputs).map(({ effect }) =>
    effect.type === 'require_approvals' && effect.stepUp === 'signature' ? effect.alternatives.flat() : [],
  );
  const errors = wanted.flatMap((groups, index) =>
    groups.flatMap((group) => shortageOf(group, people, index)),
  );
  if (errors.length > 0) throw appError('validation_failed', { errors });
}

function shortageOf(group: Group, people: People, index: number): ErrorItem[] {
  const { name, required } = group;
  const members = membersOf(group, people).map((id) => branded<UserId>(id));
  const counting = members.filter((id) => people.approverIds.has(id));
  const able = new Set(counting.filter((id) => people.addressOf.has(id))).size;
  if (able >= required) return [];
  const detail = `of ${name} only ${able} have an approval address, and ${required} have to sign`;
  return [{ pointer: `/rules/${index}/effect/stepUp`, code: 'too_few_addresses', detail }];
}
