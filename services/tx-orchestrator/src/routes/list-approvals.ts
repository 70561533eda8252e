import { ROUTES } from '@ironforge/contracts';
import { answerPage, type BoundRoute, bind, readCursor } from '@ironforge/service-kit';
import type { OrchestratorDeps } from '../deps.ts';
import { listWaiting } from '../queries/tx-requests.ts';
import { cursorOfView } from '../requests/request-cursor.ts';
import { showRequest } from '../requests/show-request.ts';
import { viewsOf } from '../requests/view.ts';

/** The requests that wait for my decision. */
export function listApprovals({ store }: OrchestratorDeps): BoundRoute {
  return bind(ROUTES.listApprovals, async ({ query, caller }) => {
    const { tenantId, userId } = caller;
    const filter = { approverId: userId, after: readCursor(query.cursor), count: query.limit + 1 };
    const rows = await store
      .forTenant(tenantId)
      .transaction(async (tx) => await viewsOf(tx, tenantId, await listWaiting(tx, tenantId, filter)), {
        isolation: 'read committed',
      });
    return answerPage({ query, rows, cursorOf: cursorOfView, show: showRequest });
  });
}
