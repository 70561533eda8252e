import { ROUTES } from '@ironforge/contracts';
import { type BoundRoute, bind } from '@ironforge/service-kit';
import type { OrchestratorDeps } from '../deps.ts';
import { findVisible } from '../requests/find-visible.ts';
import { showRequest } from '../requests/show-request.ts';
import { viewOf } from '../requests/view.ts';

/** One transaction request. */
export function getTransaction({ store }: OrchestratorDeps): BoundRoute {
  return bind(ROUTES.getTransaction, async ({ caller, params }) => {
    const view = await store
      .forTenant(caller.tenantId)
      .transaction(async (tx) => await viewOf(tx, await findVisible(tx, caller, params.id)), {
        isolation: 'read committed',
      });
    return { status: 200, body: showRequest(view) };
  });
}
