import { appError, ROUTES } from '@ironforge/contracts';
import { branded, type TenantId } from '@ironforge/kernel';
import { type BoundRoute, bind, type Cause, causeOfRequest } from '@ironforge/service-kit';
import type { Tx } from '@ironforge/store';
import { endAccess } from '../accounts/end-access.ts';
import { showTenant, tenantOfEvent } from '../accounts/show-tenant.ts';
import type { IdentityDeps } from '../deps.ts';
import { changeTenantStatus, findTenant, type Tenant } from '../queries/tenants.ts';

/** Suspend a tenant or take it back. One's own tenant is refused: nobody could take it back. */
export function updateTenant(deps: IdentityDeps): BoundRoute {
  return bind(ROUTES.updateTenant, async (request) => {
    const { status } = request.body;
    const { id } = request.params;
    if (id === request.caller.tenantId)
      return appError('illegal_transition', { detail: 'this is your own tenant' });
    const cause = causeOfRequest(request);
    const tenant = await deps.store
      .system('tenant_administration')
      .transaction(async (tx) => await change(deps, tx, { id, status, cause }));
    return tenant === undefined ? appError('not_found') : { status: 200, body: showTenant(tenant) };
  });
}

interface Change {
  readonly id: string;
  readonly status: 'active' | 'suspended';
  readonly cause: Cause;
}

async function change(
  deps: IdentityDeps,
  tx: Tx,
  { id, status, cause }: Change,
): Promise<Tenant | undefined> {
  const changed = await changeTenantStatus(tx, id, { status, now: deps.clock() });
  if (changed === undefined) return await findTenant(tx, id);
  if (status === 'suspended') await endAccess(deps, tx, { whose: { tenant_id: id }, cause });
  const data = { tenant: tenantOfEvent(changed) };
  const content = { tenantId: branded<TenantId>(id), subject: id, version: changed.version, cause, data };
  deps.outbox.add(tx, [deps.events.event('tenant.updated', content)]);
  return changed;
}
