import { ROUTES } from '@ironforge/contracts';
import { bind, type BoundRoute } from '@ironforge/service-kit';
import type { Store } from '@ironforge/store';
import { readRetention } from '../keep/retention.ts';
import { findRetention } from '../queries/audit-retentions.ts';

/** `GET /v1/audit/retention`: for how many days the tenant keeps entries of each category. */
export function getRetention({ store }: { readonly store: Store }): BoundRoute {
  return bind(ROUTES.getAuditRetention, async ({ caller: { tenantId } }) => {
    const days = await store.forTenant(tenantId).read((tx) => findRetention(tx, tenantId));
    return { status: 200, body: readRetention(days) };
  });
}
