import { appError, ROUTES } from '@ironforge/contracts';
import { type BoundRoute, bind, causeOfRequest } from '@ironforge/service-kit';
import { loggedOut } from '../accounts/logged-out.ts';
import { refuseKey } from '../accounts/refuse-key.ts';
import type { IdentityDeps } from '../deps.ts';
import { endFamilies } from '../queries/refresh-families.ts';

/** End one of one's own sessions at once. */
export function endSession(deps: IdentityDeps): BoundRoute {
  return bind(ROUTES.endSession, async (request) => {
    refuseKey(request.caller);
    const { tenantId, userId } = request.caller;
    const sessionId = request.params.id;
    const which = { tenant_id: tenantId, user_id: userId, id: sessionId };
    const cause = causeOfRequest(request);
    const ended = await deps.store.forTenant(tenantId).transaction(async (tx) => {
      const count = await endFamilies(tx, which, { reason: 'logout', now: deps.clock() });
      if (count > 0) deps.outbox.add(tx, [loggedOut(deps, { tenantId, userId, sessionId, cause })]);
      return count;
    });
    return ended === 0 ? appError('not_found') : { status: 204, body: undefined };
  });
}
