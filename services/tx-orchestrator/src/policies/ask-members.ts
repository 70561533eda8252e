import type { PolicyRuleInput } from '@ironforge/contracts';
import { groupsOf } from '@ironforge/tx-core';
import { askPeople, type People } from '../asks/people.ts';
import type { OrchestratorDeps } from '../deps.ts';
import { membersOf } from './members-of.ts';
import { rulesOf } from './rules.ts';

/** Rules that somebody wants to have, and whose they are. */
export interface WantedRules {
  readonly tenantId: string;
  readonly inputs: readonly PolicyRuleInput[];
  readonly requestId: string;
}

/** Asks about everybody whom the groups of these rules mean; who holds a role is known by a first answer alone. */
export async function askMembers(
  deps: Pick<OrchestratorDeps, 'resolveUsers'>,
  { tenantId, inputs, requestId }: WantedRules,
): Promise<People> {
  const people = await askPeople(deps, { tenantId, userIds: [], requestId });
  const userIds = groupsOf(rulesOf(inputs)).flatMap((group) => membersOf(group, people));
  return userIds.length === 0 ? people : await askPeople(deps, { tenantId, userIds, requestId });
}
