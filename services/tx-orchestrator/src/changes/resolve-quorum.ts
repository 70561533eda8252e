import type { TenantId } from '@ironforge/kernel';
import type { Cause } from '@ironforge/service-kit';
import type { Tx } from '@ironforge/store';
import { askPeople, type People } from '../asks/people.ts';
import type { OrchestratorDeps } from '../deps.ts';
import { findChanges, lockChange } from '../queries/changes.ts';
import { LOCKING } from '../requests/locking-scope.ts';
import { carryOutChange } from './carry-out-change.ts';
import { approvedBy, changeViewsOf, isComplete, votersOf } from './change-view.ts';

/** Changes of one tenant, and by whose call they are looked at. */
export interface LookingAgain {
  readonly tenantId: TenantId;
  readonly changeIds: readonly string[];
  readonly cause: Cause;
}

/** Asks identity who counts now, and approves what has enough approvals by that. Throws as the question does. */
export async function lookAgainAtChanges(
  deps: OrchestratorDeps,
  { tenantId, changeIds, cause }: LookingAgain,
): Promise<void> {
  const scope = deps.store.forTenant(tenantId);
  const rows = await scope.read((tx) => findChanges(tx, tenantId, changeIds));
  const people = await askPeople(deps, { tenantId, userIds: [...new Set(rows.flatMap(votersOf))] });
  for (const { id } of rows)
    await scope.transaction((tx) => resolveChangeQuorum(deps, tx, { tenantId, id, people, cause }), LOCKING);
}

interface Reconsidered {
  readonly tenantId: string;
  readonly id: string;
  readonly people: People;
  readonly cause: Cause;
}

/** Approves a change whose approvals are enough after all; the sweeper, or the next decision, applies it. */
async function resolveChangeQuorum(
  deps: OrchestratorDeps,
  tx: Tx,
  { tenantId, id, people, cause }: Reconsidered,
): Promise<void> {
  const row = await lockChange(tx, tenantId, id);
  if (row?.status !== 'pending') return;
  const [view = { row, approvals: [] }] = await changeViewsOf(tx, tenantId, [row]);
  if (!isComplete(row, approvedBy(view), people)) return;
  await carryOutChange(deps, tx, { row, command: { type: 'resolveQuorum' }, cause });
}
