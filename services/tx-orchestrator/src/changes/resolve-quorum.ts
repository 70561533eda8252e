import type { Cause } from '@ironforge/service-kit';
import type { Tx } from '@ironforge/store';
import type { People } from '../asks/people.ts';
import type { OrchestratorDeps } from '../deps.ts';
import { lockChange } from '../queries/changes.ts';
import { carryOutChange } from './carry-out-change.ts';
import { approvedBy, changeViewsOf, isComplete } from './change-view.ts';

/** A change that waits although somebody approved it who counts again, and who counts now. */
export interface Reconsidered {
  readonly tenantId: string;
  readonly id: string;
  readonly people: People;
  readonly cause: Cause;
}

/** Approves a change whose approvals are enough after all; the sweeper, or the next decision, applies it. */
export async function resolveChangeQuorum(
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
