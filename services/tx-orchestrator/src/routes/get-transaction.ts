import { ROUTES } from '@ironforge/contracts';
import { type BoundRoute, bind } from '@ironforge/service-kit';
import type { OrchestratorDeps } from '../deps.ts';
import { showRequest } from '../requests/show-request.ts';
import { findView } from '../requests/find-view.ts';

/** One transaction request. */
export function getTransaction({ store }: OrchestratorDeps): BoundRoute {
  return bind(ROUTES.getTransaction, async ({ caller, params }) => {
    const view = await store.forTenant(caller.tenantId).read((tx) => findView(tx, caller, params.id));
    return { status: 200, body: showRequest(view) };
  });
}
