import { appError, ROUTES } from '@ironforge/contracts';
import { bind, type BoundRoute } from '@ironforge/service-kit';
import { proveEntry } from '../prove/prove-entry.ts';
import type { LogPlace } from './read-span.ts';

/** `GET /v1/audit/entries/{id}/proof`: what a stranger needs to check that the entry is in the tenant's log. */
export function getProof({ store, database }: LogPlace): BoundRoute {
  return bind(ROUTES.getAuditProof, async ({ caller: { tenantId }, params: { id }, query: { from } }) => {
    const wanted = { id, from: from ?? null, database };
    const bundle = await store.forTenant(tenantId).transaction((tx) => proveEntry(tx, tenantId, wanted));
    return bundle === undefined ? appError('not_found') : { status: 200, body: bundle };
  });
}
