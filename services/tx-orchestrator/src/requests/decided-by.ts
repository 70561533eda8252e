import type { PolicyVersion } from '@ironforge/contracts';
import type { Command, Event } from '@ironforge/tx-core';
import type { PolicyInForce } from '../queries/policies.ts';
import type { RequestRow } from '../queries/tx-requests.ts';

/**
 * By which version of a policy a step of a request was decided: the one that is pinned to it. What people decide about a replacement
 * above the ceiling names none: they are asked by the version that is told when it is added.
 */
export function decidedBy(row: Pinned, event: Event): PolicyVersion | null {
  const isOfReplacement =
    'intentHash' in event ? event.intentHash !== row.intent_hash : ON_REPLACEMENTS.has(event.type);
  return isOfReplacement ? null : versionOf(row.policy_id, row.policy_version);
}

type Pinned = Pick<RequestRow, 'intent_hash' | 'policy_id' | 'policy_version'>;

const ON_REPLACEMENTS: ReadonlySet<Event['type']> = new Set(['attempt_approved', 'attempt_rejected']);

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
