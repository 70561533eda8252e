import { appError, ROUTES } from '@ironforge/contracts';
import type { TenantId } from '@ironforge/kernel';
import { type BoundRoute, bind } from '@ironforge/service-kit';
import { changeViewsOf } from '../changes/change-view.ts';
import { showChange } from '../changes/show-change.ts';
import type { OrchestratorDeps } from '../deps.ts';
import { findChange } from '../queries/changes.ts';

/** One change, with what is approved and whom it needs. */
export function getChange(deps: OrchestratorDeps): BoundRoute {
  return bind(ROUTES.getChange, async ({ caller, params }) => ({
    status: 200,
    body: await readChange(deps, caller.tenantId, params.id),
  }));
}

/** A change as it stands now; throws `not_found`. */
export async function readChange({ store }: Pick<OrchestratorDeps, 'store'>, tenantId: TenantId, id: string) {
  const [view] = await store.forTenant(tenantId).transaction(
    async (tx) => {
      const row = await findChange(tx, tenantId, id);
      return row === undefined ? [] : await changeViewsOf(tx, tenantId, [row]);
    },
    { isolation: 'read committed' },
  );
  if (view === undefined) throw appError('not_found');
  return showChange(view);
}
