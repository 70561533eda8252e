import { INTERNAL_ROUTES } from '@ironforge/contracts';
import { branded, type TenantId } from '@ironforge/kernel';
import { bindForServices, type BoundRoute } from '@ironforge/service-kit';
import type { WatcherDeps } from '../deps.ts';
import { reconcileBlocks } from '../reconcile/reconcile-blocks.ts';

/** Says to other services what some blocks hold of a tenant's wallets, and in what they differ from what is stored of them. */
export function showMoves(deps: WatcherDeps): BoundRoute {
  return bindForServices(INTERNAL_ROUTES.showMoves, async ({ body: { tenantId, ...blocks } }) => {
    const wanted = { tenantId: branded<TenantId>(tenantId), ...blocks };
    return { status: 200, body: await reconcileBlocks(deps, wanted) };
  });
}
