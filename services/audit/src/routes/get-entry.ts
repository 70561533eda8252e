import { ROUTES } from '@ironforge/contracts';
import { type BoundRoute, bind } from '@ironforge/service-kit';
import type { Store } from '@ironforge/store';
import { absenceOf } from '../keep/absence-of.ts';
import { findEntry } from '../queries/audit-entries.ts';
import { showEntry } from './show-entry.ts';

/** `GET /v1/audit/entries/{id}`: one entry of the tenant. */
export function getEntry({ store }: { readonly store: Store }): BoundRoute {
  return bind(ROUTES.getAuditEntry, async ({ caller: { tenantId }, params: { id } }) => {
    const [row, absence] = await store
      .forTenant(tenantId)
      .read((tx) => Promise.all([findEntry(tx, tenantId, id), absenceOf(tx, tenantId, id)]));
    return row === undefined ? absence : { status: 200, body: showEntry(row) };
  });
}
