import type { Tx } from '@ironforge/store';
import { type Rule, type Watched, watchedBy } from '@ironforge/tx-core';
import { rulesOf } from '../policies/rules.ts';
import { findEveryPolicy } from '../queries/policies.ts';

/** The rules of a tenant, as changes of them see them. */
export interface RulesInForce {
  /** False until the tenant has its first policy. */
  readonly exist: boolean;
  /** The default policy in force. */
  readonly policy: { readonly id: string; readonly version: number } | null;
  readonly defaultRules: readonly Rule[];
  readonly watched: Watched;
}

/** Reads what the rules of a tenant say, and look at. */
export async function readRulesInForce(tx: Tx, tenantId: string): Promise<RulesInForce> {
  const policies = await findEveryPolicy(tx, tenantId);
  const active = policies.filter(({ is_active }) => is_active);
  const standing = active.find(({ is_default }) => is_default);
  return {
    exist: policies.length > 0,
    policy: standing === undefined ? null : { id: standing.id, version: standing.version },
    defaultRules: rulesOf(standing?.rules ?? []),
    watched: watchedBy(active.flatMap(({ rules }) => rulesOf(rules))),
  };
}
