import { ROUTES } from '@ironforge/contracts';
import { branded, type TenantId } from '@ironforge/kernel';
import { type BoundRoute, bindForServices, causeOfOrigin, type Origin } from '@ironforge/service-kit';
import type { Tx } from '@ironforge/store';
import { loggedOut } from '../accounts/logged-out.ts';
import { type RefreshToken, readRefreshToken } from '../credentials/refresh-tokens.ts';
import type { IdentityDeps } from '../deps.ts';
import { endFamilies, lockFamily } from '../queries/refresh-families.ts';

/** End the session of a refresh token; a token that is not known ends nothing and gets the same answer. */
export function logout(deps: IdentityDeps): BoundRoute {
  return bindForServices(ROUTES.logout, async (request) => {
    const token = readRefreshToken(deps.keyedHash, request.body.refreshToken);
    if (token !== null) {
      await deps.store
        .system('sign_in')
        .transaction(async (tx) => await endSession(deps, tx, { token, origin: request }), {
          isolation: 'read committed',
        });
    }
    return { status: 204, body: undefined };
  });
}

interface Ending {
  readonly token: RefreshToken;
  readonly origin: Origin;
}

async function endSession(deps: IdentityDeps, tx: Tx, { token, origin }: Ending): Promise<void> {
  const { sessionId } = token;
  const family = await lockFamily(tx, sessionId);
  if (family === undefined || family.ended_at !== null) return;
  const tenantId = branded<TenantId>(family.tenant_id);
  await endFamilies(tx, { tenant_id: tenantId, id: sessionId }, { reason: 'logout', now: deps.clock() });
  const cause = causeOfOrigin(origin, { type: 'user', id: family.user_id });
  deps.outbox.add(tx, [loggedOut(deps, { tenantId, userId: family.user_id, sessionId, cause })]);
}
