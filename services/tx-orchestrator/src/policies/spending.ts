import type { Tx } from '@ironforge/store';
import { fits, oldestBucket, type PolicyFacts, takenOf, unitOf, windowsInPlay } from '@ironforge/tx-core';
import type { PolicyInForce } from '../queries/policies.ts';
import { findSpent, lockWindow, type WindowKey } from '../queries/spending-windows.ts';
import { rulesOf } from './rules.ts';

/** Whose windows are looked at. */
export interface SpendingScope {
  readonly tenantId: string;
  readonly policy: PolicyInForce | undefined;
}

/**
 * Adds what the windows that can decide have given away, each locked until the transaction ends, so that who judges by
 * these facts may reserve. Right at READ COMMITTED.
 */
export async function lockSpent(tx: Tx, scope: SpendingScope, facts: PolicyFacts): Promise<PolicyFacts> {
  return await withSpent(scope, facts, async (key) => {
    await lockWindow(tx, key);
    return await findSpent(tx, key, questionOf(key, facts.submittedAtMs, null));
  });
}

/** Adds the same figures as they are, with nothing locked, at a moment, and without what a request holds itself. */
export async function readSpent(
  tx: Tx,
  scope: SpendingScope & { readonly atMs: number; readonly exceptRequestId: string | null },
  facts: PolicyFacts,
): Promise<PolicyFacts> {
  const { atMs, exceptRequestId } = scope;
  return await withSpent(scope, facts, (key) => findSpent(tx, key, questionOf(key, atMs, exceptRequestId)));
}

function questionOf({ hours }: WindowKey, atMs: number, exceptRequestId: string | null) {
  return { oldestBucket: oldestBucket(hours, atMs), exceptRequestId };
}

/** Looks at one window after the other, and at none behind the first that lets the request through. */
async function withSpent(
  { tenantId, policy }: SpendingScope,
  facts: PolicyFacts,
  figureOf: (key: WindowKey) => Promise<bigint>,
): Promise<PolicyFacts> {
  if (policy === undefined) return facts;
  const spent = new Map(facts.spent);
  for (const { rule, window } of windowsInPlay(rulesOf(policy.rules), facts)) {
    const { id: policyId } = policy;
    const { hours } = window;
    const figure = await figureOf({ tenantId, policyId, rule, assetId: unitOf(window, facts), hours });
    spent.set(rule, figure);
    const taken = takenOf(window, facts);
    if (taken !== null && fits(window, figure, taken)) break;
  }
  return { ...facts, spent };
}
