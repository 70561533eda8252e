import { ROUTES } from '@ironforge/contracts';
import { type BoundRoute, bind, causeOfRequest } from '@ironforge/service-kit';
import type { IdentityDeps } from '../deps.ts';
import { eraseVisitors as erase } from '../personal/erase-visitors.ts';

/** Erase what is personal about the visitors of a month; as for a user it asks nobody, since it gives nobody any right. */
export function eraseVisitors(deps: IdentityDeps): BoundRoute {
  return bind(ROUTES.eraseVisitors, async (request) => {
    const { tenantId } = request.caller;
    const { month } = request.params;
    const erasure = { tenantId, month, cause: causeOfRequest(request) };
    const outcome = await deps.store.forTenant(tenantId).transaction((tx) => erase(deps, tx, erasure));
    if ('code' in outcome) return outcome;
    return { status: 200, body: { month, erasedAt: outcome.erasedAt.toISOString() } };
  });
}
