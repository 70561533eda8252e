import { appError, ROUTES } from '@ironforge/contracts';
import { type BoundRoute, bind } from '@ironforge/service-kit';
import { permissionList, roleList } from '../accounts/closed-lists.ts';
import { showUser } from '../accounts/show-user.ts';
import type { IdentityDeps } from '../deps.ts';
import { findUser } from '../queries/users.ts';

/** Who am I, and what may I do: an API key may do less than its owner. */
export function getMe({ store, ...deps }: IdentityDeps): BoundRoute {
  return bind(ROUTES.getMe, async ({ caller }) => {
    const { tenantId, userId } = caller;
    const user = await store.forTenant(tenantId).read(async (tx) => await findUser(tx, tenantId, userId));
    if (user === undefined) return appError('not_found');
    const { id, email, displayName } = showUser(deps, user);
    if (email === null || displayName === null) return appError('not_found');
    const roles = roleList.parse(caller.roles);
    const permissions = permissionList.parse(caller.permissions);
    return { status: 200, body: { id, tenantId, email, displayName, roles, permissions } };
  });
}
