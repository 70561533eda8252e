import { ROUTES } from '@ironforge/contracts';
import { answerPage, bind, type BoundRoute, cursorOfRow, readCursor } from '@ironforge/service-kit';
import type { Store } from '@ironforge/store';
import { listExports as findExports } from '../queries/export-jobs.ts';
import { showExport } from './show-export.ts';

/** `GET /v1/audit/exports`: the tenant's exports, newest first. */
export function listExports({ store }: { readonly store: Store }): BoundRoute {
  return bind(ROUTES.listAuditExports, async ({ caller: { tenantId }, query }) => {
    const page = { after: readCursor(query.cursor), limit: query.limit + 1 };
    const rows = await store.forTenant(tenantId).read((tx) => findExports(tx, tenantId, page));
    const cursorOf = ({ created_at: createdAt, id }: (typeof rows)[number]) => cursorOfRow({ createdAt, id });
    return answerPage({ query, rows, cursorOf, show: showExport });
  });
}
