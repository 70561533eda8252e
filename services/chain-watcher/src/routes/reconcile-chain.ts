import { ROUTES } from '@ironforge/contracts';
import { type BoundRoute, bind } from '@ironforge/service-kit';
import type { WatcherDeps } from '../deps.ts';
import { reconcileBlocks } from '../reconcile/reconcile-blocks.ts';

/** Reads some blocks anew and compares them with what is stored of them for the caller's tenant. */
export function reconcileChain(deps: WatcherDeps): BoundRoute {
  return bind(ROUTES.reconcileChain, async ({ query, caller: { tenantId } }) => {
    const { from, to, head, differences, sent } = await reconcileBlocks(deps, { tenantId, ...query });
    return { status: 200, body: { from, to, head, differences, sent, asOf: deps.clock().toISOString() } };
  });
}
