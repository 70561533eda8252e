import { ROUTES } from '@ironforge/contracts';
import { assert, branded, type TenantId } from '@ironforge/kernel';
import { type BoundRoute, bind, causeOfRequest } from '@ironforge/service-kit';
import { answerSealedOnce } from '../accounts/answer-sealed-once.ts';
import { createTenant as storeTenant } from '../accounts/create-tenant.ts';
import { registerUser } from '../accounts/register-user.ts';
import { showTenant } from '../accounts/show-tenant.ts';
import type { IdentityDeps } from '../deps.ts';

/** Add a tenant with its first admin. */
export function createTenant(deps: IdentityDeps): BoundRoute {
  return bind(ROUTES.createTenant, async (request) => {
    const { name, plan, limits = {}, admin } = request.body;
    const passwordHash = await deps.passwords.hash(admin.password);
    const cause = causeOfRequest(request);
    const scope = deps.store.system('tenant_administration');
    return await answerSealedOnce(deps, { scope, claim: request.idempotency }, async (tx) => {
      const tenant = await storeTenant(deps, tx, { name, plan, limits, cause });
      const { email, displayName, mustChangePassword = false } = admin;
      const tenantId = branded<TenantId>(tenant.id);
      const owner = { tenantId, email, displayName, passwordHash, mustChangePassword };
      const adminUserId = deps.newId();
      const rights = { id: adminUserId, roles: ['admin'], status: 'active' } as const;
      assert(await registerUser(deps, tx, { ...owner, ...rights, cause }), 'a new tenant has no users');
      return { status: 201, body: { ...showTenant(tenant), adminUserId } };
    });
  });
}
