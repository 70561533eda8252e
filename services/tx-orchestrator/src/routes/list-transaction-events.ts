import { ROUTES } from '@ironforge/contracts';
import type { TxEventRow } from '@ironforge/schema';
import { answerPage, type BoundRoute, bind } from '@ironforge/service-kit';
import type { OrchestratorDeps } from '../deps.ts';
import { listEvents } from '../queries/tx-events.ts';
import { findVisible } from '../requests/find-visible.ts';
import { readVersionCursor, versionCursor } from './version-cursor.ts';

/** Every transition of a request, oldest first. */
export function listTransactionEvents({ store }: OrchestratorDeps): BoundRoute {
  return bind(ROUTES.listTransactionEvents, async ({ query, params, caller }) => {
    const afterVersion = readVersionCursor(query.cursor) ?? 0;
    const rows = await store.forTenant(caller.tenantId).transaction(
      async (tx) => {
        const { id: requestId } = await findVisible(tx, caller, params.id);
        return await listEvents(tx, caller.tenantId, { requestId, afterVersion, count: query.limit + 1 });
      },
      { isolation: 'read committed' },
    );
    return answerPage({ query, rows, cursorOf: versionCursor, show: showEvent });
  });
}

function showEvent({ version, type, data, actor_type, actor_id, created_at }: TxEventRow) {
  return { version, type, data, actor: { type: actor_type, id: actor_id }, at: created_at.toISOString() };
}
