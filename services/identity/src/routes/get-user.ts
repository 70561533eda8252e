import { appError, ROUTES } from '@ironforge/contracts';
import { type BoundRoute, bind } from '@ironforge/service-kit';
import { notePersonalRead } from '../accounts/note-personal-read.ts';
import { showUser } from '../accounts/show-user.ts';
import type { IdentityDeps } from '../deps.ts';
import { findUser } from '../queries/users.ts';

/** One user of the tenant. */
export function getUser(deps: IdentityDeps): BoundRoute {
  return bind(ROUTES.getUser, async (request) => {
    const { tenantId } = request.caller;
    const user = await deps.store.forTenant(tenantId).transaction(
      async (tx) => {
        const found = await findUser(tx, tenantId, request.params.id);
        if (found !== undefined) notePersonalRead(deps, tx, { request, users: [found] });
        return found;
      },
      { isolation: 'read committed' },
    );
    return user === undefined ? appError('not_found') : { status: 200, body: showUser(deps, user) };
  });
}
