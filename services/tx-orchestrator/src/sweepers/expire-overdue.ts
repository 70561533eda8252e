import { branded, type TenantId } from '@ironforge/kernel';
import type { OrchestratorDeps } from '../deps.ts';
import { listOverdue, type RequestPlace } from '../queries/overdue-requests.ts';
import { lockRequest } from '../queries/tx-requests.ts';
import { carryOut } from '../requests/carry-out.ts';
import { BATCH, eachPlace, OWN_CAUSE } from './each-place.ts';

/** Ends requests whose approval time or validity is over, and holds signed bytes back that were never sent. */
export async function expireOverdue(deps: OrchestratorDeps): Promise<void> {
  const places = await deps.store
    .system('request_sweeper')
    .transaction((tx) => listOverdue(tx, BATCH), { isolation: 'read committed' });
  await eachPlace(deps, places, (place) => expire(deps, place));
}

async function expire(deps: OrchestratorDeps, { tenantId, id }: RequestPlace): Promise<void> {
  await deps.store.forTenant(branded<TenantId>(tenantId)).transaction(
    async (tx) => {
      const row = await lockRequest(tx, tenantId, id);
      if (row !== undefined) await carryOut(deps, tx, { row, command: { type: 'expire' }, cause: OWN_CAUSE });
    },
    { isolation: 'read committed' },
  );
}
