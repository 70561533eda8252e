import { appError, ROUTES } from '@ironforge/contracts';
import { type BoundRoute, bind } from '@ironforge/service-kit';
import type { Store } from '@ironforge/store';
import { findEntry } from '../queries/audit-entries.ts';
import { showEntry } from './show-entry.ts';

/** `GET /v1/audit/entries/{id}`: one entry of the tenant. */
export function getEntry({ store }: { readonly store: Store }): BoundRoute {
  return bind(ROUTES.getAuditEntry, async ({ caller: { tenantId }, params: { id } }) => {
    const row = await store.forTenant(tenantId).read((tx) => findEntry(tx, tenantId, id));
    return row === undefined ? appError('not_found') : { status: 200, body: showEntry(row) };
  });
}
