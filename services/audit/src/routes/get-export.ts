import { appError, ROUTES } from '@ironforge/contracts';
import { bind, type BoundRoute } from '@ironforge/service-kit';
import type { Store } from '@ironforge/store';
import { findExport } from '../queries/export-jobs.ts';
import { showExport } from './show-export.ts';

/** `GET /v1/audit/exports/{id}`: one export, and how far it is. */
export function getExport({ store }: { readonly store: Store }): BoundRoute {
  return bind(ROUTES.getAuditExport, async ({ caller: { tenantId }, params: { id } }) => {
    const row = await store.forTenant(tenantId).read((tx) => findExport(tx, tenantId, id));
    return row === undefined ? appError('not_found') : { status: 200, body: showExport(row) };
  });
}
