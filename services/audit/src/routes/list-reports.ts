import { ROUTES } from '@ironforge/contracts';
import { answerPage, bind, type BoundRoute, cursorOfRow, readCursor } from '@ironforge/service-kit';
import type { Store } from '@ironforge/store';
import { listReports as findReports } from '../queries/audit-reports.ts';
import { showReport } from './show-report.ts';

/** `GET /v1/audit/reports`: the tenant's reports, newest first. */
export function listReports({ store }: { readonly store: Store }): BoundRoute {
  return bind(ROUTES.listAuditReports, async ({ caller: { tenantId }, query }) => {
    const page = { after: readCursor(query.cursor), limit: query.limit + 1 };
    const rows = await store.forTenant(tenantId).read((tx) => findReports(tx, tenantId, page));
    const cursorOf = ({ created_at: createdAt, id }: (typeof rows)[number]) => cursorOfRow({ createdAt, id });
    return answerPage({ query, rows, cursorOf, show: showReport });
  });
}
