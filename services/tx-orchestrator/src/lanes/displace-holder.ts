import type { Cause } from '@ironforge/service-kit';
import type { Tx } from '@ironforge/store';
import type { Slot } from '@ironforge/tx-core';
import type { OrchestratorDeps } from '../deps.ts';
import type { LockedLane } from '../queries/nonce-lanes.ts';
import { lockRequest } from '../queries/tx-requests.ts';
import { carryOut } from '../requests/carry-out.ts';

/** A slot of a locked lane that goes to another request. */
export interface Displacing {
  readonly lane: LockedLane;
  readonly slot: Slot;
  readonly cause: Cause;
}

/** Ends the unsigned lease of whoever holds a slot, so that nothing is signed for it any more. */
export async function displaceHolder(
  deps: OrchestratorDeps,
  tx: Tx,
  { lane, slot, cause }: Displacing,
): Promise<void> {
  if (slot.requestId === null) return;
  const row = await lockRequest(tx, lane.tenantId, slot.requestId);
  const attempt = row?.state.attempts.find(({ leaseId }) => leaseId === slot.leaseId);
  if (row === undefined || attempt === undefined) return;
  const command = { type: 'displace', attemptId: attempt.id } as const;
  await carryOut(deps, tx, { row, command, cause });
}
