import type { PolicyVersion } from '@ironforge/contracts';
import type { ApproverGroupRow } from '@ironforge/schema';
import type { Command, Event } from '@ironforge/tx-core';
import type { PolicyInForce } from '../queries/policies.ts';
import type { RequestRow } from '../queries/tx-requests.ts';

/**
 * By which version of a policy a step of a request was decided: the one that is pinned to it. A replacement was asked for by another
 * one, which who carries out the decision knows from its groups (`askedBy`); by itself such a step names none.
 */
export function decidedBy(row: Pinned, event: Event): PolicyVersion | null {
  const isOfReplacement =
    'intentHash' in event ? event.intentHash !== row.intent_hash : ON_REPLACEMENTS.has(event.type);
  return isOfReplacement ? null : versionOf(row.policy_id, row.policy_version);
}

type Pinned = Pick<RequestRow, 'intent_hash' | 'policy_id' | 'policy_version'>;

const ON_REPLACEMENTS: ReadonlySet<Event['type']> = new Set(['attempt_approved', 'attempt_rejected']);

/** By which version people are asked about an intent; undefined when its groups do not know, and where nobody is asked. */
export function askedBy(groups: readonly ApproverGroupRow[], intentHash: string): PolicyVersion | undefined {
  const group = groups.find(({ intent_hash }) => intent_hash === intentHash);
  return group && (versionOf(group.policy_id, group.policy_version) ?? undefined);
}

/** By which version a command is decided that is given now: a denial by the one in force; undefined where the pinned one stands. */
export function decidedNow(
  command: Command | null,
  policy: PolicyInForce | undefined,
): PolicyVersion | null | undefined {
  if (command?.type !== 'deny') return undefined;
  return policy === undefined ? null : versionOf(policy.id, policy.version);
}

/** A version of a policy by its columns; null where there is none. */
export function versionOf(id: string | null, version: number | null): PolicyVersion | null {
  return id === null || version === null ? null : { id, version };
}
