import { branded, type TenantId } from '@ironforge/kernel';
import { applyChanges } from '../changes/apply-changes.ts';
import { carryOutChange } from '../changes/carry-out-change.ts';
import type { OrchestratorDeps } from '../deps.ts';
import { listOverdueChanges, listTenantsToApply, lockChange } from '../queries/changes.ts';
import { LOCKING } from '../requests/locking-scope.ts';
import { BATCH, eachPlace, OWN_CAUSE } from './each-place.ts';

/** Applies what a crash or an absent neighbour left behind, and ends changes whose time is over. */
export async function settleChanges(deps: OrchestratorDeps): Promise<void> {
  const { tenants, overdue } = await deps.store.system('request_sweeper').transaction(
    async (tx) => ({
      tenants: await listTenantsToApply(tx, BATCH),
      overdue: await listOverdueChanges(tx, BATCH),
    }),
    { isolation: 'read committed' },
  );
  await eachPlace(deps, tenants, ({ tenantId }) => applyChanges(deps, branded<TenantId>(tenantId)));
  await eachPlace(deps, overdue, (place) => expire(deps, place));
}

async function expire(
  deps: OrchestratorDeps,
  { tenantId, id }: { readonly tenantId: string; readonly id: string },
): Promise<void> {
  await deps.store.forTenant(branded<TenantId>(tenantId)).transaction(async (tx) => {
    const row = await lockChange(tx, tenantId, id);
    if (row !== undefined)
      await carryOutChange(deps, tx, { row, command: { type: 'expire' }, cause: OWN_CAUSE });
  }, LOCKING);
}
