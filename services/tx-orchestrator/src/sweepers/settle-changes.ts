import { branded, type TenantId } from '@ironforge/kernel';
import { applyChanges } from '../changes/apply-changes.ts';
import { carryOutChange } from '../changes/carry-out-change.ts';
import type { OrchestratorDeps } from '../deps.ts';
import { listOverdueChanges, listTenantsToApply, lockChange } from '../queries/changes.ts';
import { LOCKING } from '../requests/locking-scope.ts';
import { BATCH, eachPlace, OWN_CAUSE, type SweepDeps } from './each-place.ts';

/** Applies what a crash or an absent neighbour left behind, and ends changes whose time is over. */
export async function settleChanges(deps: SweepDeps): Promise<void> {
  const wanted = { except: deps.passedOver.names(), count: BATCH };
  const { tenants, overdue } = await deps.store.system('request_sweeper').transaction(
    async (tx) => ({
      tenants: await listTenantsToApply(tx, wanted),
      overdue: await listOverdueChanges(tx, wanted),
    }),
    { isolation: 'read committed' },
  );
  await Promise.all([
    eachPlace(deps, tenants, ({ tenantId }) => applyChanges(deps, branded<TenantId>(tenantId))),
    eachPlace(deps, overdue, (place) => expire(deps, place)),
  ]);
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
