import { appError, ROUTES } from '@ironforge/contracts';
import { bind, type BoundRoute } from '@ironforge/service-kit';
import type { Store } from '@ironforge/store';
import { findShownReport } from './show-report.ts';

/** `GET /v1/audit/reports/{id}`: one report, as it was signed. */
export function getReport({ store }: { readonly store: Store }): BoundRoute {
  return bind(ROUTES.getAuditReport, async ({ caller: { tenantId }, params: { id } }) => {
    const body = await store.forTenant(tenantId).transaction((tx) => findShownReport(tx, tenantId, id));
    return body === undefined ? appError('not_found') : { status: 200, body };
  });
}
