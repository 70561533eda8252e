import { ROUTES } from '@ironforge/contracts';
import { answerPage, type BoundRoute, bind, cursorOfRow, readCursor } from '@ironforge/service-kit';
import { type ChangeView, changeViewsOf } from '../changes/change-view.ts';
import { showChange } from '../changes/show-change.ts';
import type { OrchestratorDeps } from '../deps.ts';
import { listChanges as selectChanges } from '../queries/changes.ts';

/** The changes of the tenant. */
export function listChanges({ store }: OrchestratorDeps): BoundRoute {
  return bind(ROUTES.listChanges, async ({ query, caller: { tenantId } }) => {
    const filter = { status: query.status, after: readCursor(query.cursor), count: query.limit + 1 };
    const rows = await store
      .forTenant(tenantId)
      .transaction(async (tx) => changeViewsOf(tx, tenantId, await selectChanges(tx, tenantId, filter)), {
        isolation: 'read committed',
      });
    const cursorOf = ({ row }: ChangeView) => cursorOfRow({ createdAt: row.created_at, id: row.id });
    return answerPage({ query, rows, cursorOf, show: showChange });
  });
}
