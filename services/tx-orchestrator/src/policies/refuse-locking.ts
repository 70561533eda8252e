import { appError, type PolicyRuleInput, rolesWith } from '@ironforge/contracts';
import { branded, type UserId } from '@ironforge/kernel';
import { isChangeable } from '@ironforge/tx-core';
import type { People } from '../asks/people.ts';
import { rulesOf } from './rules.ts';

/** What a policy would be. */
export interface PolicyTerms {
  readonly rules: readonly PolicyRuleInput[];
  readonly isDefault: boolean;
}

/**
 * Throws `validation_failed` for a default policy whose groups no admin could have filled by others: no change would ever be
 * approved any more, and only a change could mend that (ADR 0070).
 */
export function refuseLocking({ rules, isDefault }: PolicyTerms, people: People): void {
  if (!isDefault || isChangeable(rulesOf(rules), votersOf(people))) return;
  throw appError('validation_failed', {
    errors: [{ pointer: '/rules', code: 'too_few_approvers', detail: DETAIL }],
  });
}

const DETAIL =
  'nobody could have a change approved any more: the groups need more active people beside its author';

/** Who holds a role that may approve is active and may approve. */
function votersOf({ holders, addressOf }: People) {
  const holdersOf = (role: string) => (holders.get(role) ?? []).map((id) => branded<UserId>(id));
  const able = new Set([...holders.values()].flat());
  return {
    authorIds: rolesWith('policies:write').flatMap(holdersOf),
    holdersOf,
    canApprove: (id: UserId, stepUp: string | null) =>
      able.has(id) && (stepUp !== 'signature' || addressOf.has(id)),
  };
}
