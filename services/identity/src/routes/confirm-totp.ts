import { appError, ROUTES } from '@ironforge/contracts';
import { type BoundRoute, bind } from '@ironforge/service-kit';
import type { IdentityDeps } from '../deps.ts';
import { confirmFactor } from '../second-factor/confirm-factor.ts';
import { refuseCode } from '../second-factor/refuse-code.ts';

/** Show that the authenticator has the secret; from then on its codes count. */
export function confirmTotp(deps: IdentityDeps): BoundRoute {
  return bind(ROUTES.confirmTotp, async ({ caller, body }) => {
    if (caller.apiKeyId !== null) return appError('permission_denied', { detail: 'sign in to do this' });
    const place = { tenant_id: caller.tenantId, user_id: caller.userId };
    const outcome = await deps.store
      .forTenant(caller.tenantId)
      .transaction((tx) => confirmFactor(deps, tx, { place, code: body.code }), {
        isolation: 'read committed',
      });
    refuseCode(outcome);
    return { status: 204, body: undefined };
  });
}
