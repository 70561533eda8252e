import { appError, ROUTES } from '@ironforge/contracts';
import { type BoundRoute, bind } from '@ironforge/service-kit';
import { showUser } from '../accounts/show-user.ts';
import type { IdentityDeps } from '../deps.ts';
import { findUser } from '../queries/users.ts';

/** One user of the tenant. */
export function getUser({ store, cipher }: IdentityDeps): BoundRoute {
  return bind(ROUTES.getUser, async ({ params, caller: { tenantId } }) => {
    const user = await store.forTenant(tenantId).read(async (tx) => await findUser(tx, tenantId, params.id));
    return user === undefined ? appError('not_found') : { status: 200, body: showUser(cipher, user) };
  });
}
