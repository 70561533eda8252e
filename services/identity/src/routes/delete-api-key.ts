import { appError, ROUTES } from '@ironforge/contracts';
import { type BoundRoute, bind, causeOfRequest } from '@ironforge/service-kit';
import { keyRevoked } from '../accounts/end-access.ts';
import type { IdentityDeps } from '../deps.ts';
import { revokeApiKey } from '../queries/api-keys.ts';

/** Revoke one of one's own API keys at once, and every key that was made by it. */
export function deleteApiKey(deps: IdentityDeps): BoundRoute {
  return bind(ROUTES.deleteApiKey, async (request) => {
    const { tenantId, userId } = request.caller;
    const which = { tenant_id: tenantId, user_id: userId, id: request.params.id };
    const revoked = await deps.store.forTenant(tenantId).transaction(async (tx) => {
      const keys = await revokeApiKey(tx, which, deps.clock());
      deps.outbox.add(
        tx,
        keys.map((key) => keyRevoked(deps, key, causeOfRequest(request))),
      );
      return keys;
    });
    return revoked.length === 0 ? appError('not_found') : { status: 204, body: undefined };
  });
}
