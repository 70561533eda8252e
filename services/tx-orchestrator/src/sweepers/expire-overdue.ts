import { branded, type TenantId } from '@ironforge/kernel';
import type { OrchestratorDeps } from '../deps.ts';
import { listOverdue } from '../queries/overdue-requests.ts';
import { lockRequests } from '../queries/tx-requests.ts';
import { carryOut } from '../requests/carry-out.ts';
import { BATCH, OWN_CAUSE, type SweepDeps } from './each-place.ts';
import { tenantByTenant } from './tenant-by-tenant.ts';

/** Ends requests whose approval time or validity is over, and holds signed bytes back that were never sent. */
export async function expireOverdue(deps: SweepDeps): Promise<void> {
  const places = await deps.store
    .system('request_sweeper')
    .transaction((tx) => listOverdue(tx, { except: deps.passedOver.names(), count: BATCH }), {
      isolation: 'read committed',
    });
  await tenantByTenant(deps, places, (tenantId, ids) => expire(deps, tenantId, ids));
}

/** In one transaction; nobody waits between two of them, since they are different requests and their rows are locked. */
async function expire(deps: OrchestratorDeps, tenantId: string, ids: readonly string[]): Promise<void> {
  await deps.store.forTenant(branded<TenantId>(tenantId)).transaction(
    async (tx) => {
      const rows = await lockRequests(tx, tenantId, ids);
      const order = { command: { type: 'expire' }, cause: OWN_CAUSE } as const;
      const carried = await Promise.allSettled(rows.map((row) => carryOut(deps, tx, { ...order, row })));
      for (const one of carried) if (one.status === 'rejected') throw one.reason;
    },
    { isolation: 'read committed' },
  );
}
