import { ROUTES } from '@ironforge/contracts';
import { type BoundRoute, bind, causeOfRequest } from '@ironforge/service-kit';
import { eraseUser as erase } from '../accounts/erase-user.ts';
import { showUser } from '../accounts/show-user.ts';
import type { IdentityDeps } from '../deps.ts';

/** Erase what is personal about a user; as a suspension it asks nobody, since it gives nobody any right. */
export function eraseUser(deps: IdentityDeps): BoundRoute {
  return bind(ROUTES.eraseUser, async (request) => {
    const { tenantId } = request.caller;
    const erasure = { tenantId, id: request.params.id, cause: causeOfRequest(request) };
    const outcome = await deps.store.forTenant(tenantId).transaction((tx) => erase(deps, tx, erasure));
    return 'code' in outcome ? outcome : { status: 200, body: showUser(deps, outcome) };
  });
}
