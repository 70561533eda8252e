import { appError, INTERNAL_ROUTES } from '@ironforge/contracts';
import { branded, type TenantId } from '@ironforge/kernel';
import { type BoundRoute, bindForServices } from '@ironforge/service-kit';
import type { IdentityDeps } from '../deps.ts';
import { openOne } from '../personal/open-one.ts';

/** Decrypt what was encrypted under a person's data key: for the audit service alone, which tells by an entry that it was read. */
export function openPersonal(deps: IdentityDeps): BoundRoute {
  return bindForServices(INTERNAL_ROUTES.openPersonal, async ({ body, caller }) => {
    if (caller.service !== 'audit') return appError('permission_denied');
    const { subject, cipher, place } = body;
    const tenantId = branded<TenantId>(body.tenantId);
    return { status: 200, body: await openOne(deps, { tenantId, subject, cipher, place }) };
  });
}
