import { INTERNAL_ROUTES } from '@ironforge/contracts';
import { branded, type TenantId } from '@ironforge/kernel';
import { type BoundRoute, bindForServices } from '@ironforge/service-kit';
import type { IdentityDeps } from '../deps.ts';
import { checkCode } from '../second-factor/check-code.ts';

/** Whether a code proves a person; it serves once, so a call that was lost needs another code. */
export function verifyTotp(deps: IdentityDeps): BoundRoute {
  return bindForServices(INTERNAL_ROUTES.verifyTotp, async ({ body: { tenantId, userId, code } }) => {
    const place = { tenant_id: tenantId, user_id: userId };
    const outcome = await deps.store
      .forTenant(branded<TenantId>(tenantId))
      .transaction((tx) => checkCode(deps, tx, { place, code }), {
        isolation: 'read committed',
      });
    const body = typeof outcome === 'object' ? { outcome: 'blocked' as const, ...outcome } : { outcome };
    return { status: 200, body };
  });
}
