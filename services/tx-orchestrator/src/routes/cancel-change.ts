import { appError, ROUTES } from '@ironforge/contracts';
import { answerOnce, type BoundRoute, bind, causeOfRequest } from '@ironforge/service-kit';
import { carryOutChange } from '../changes/carry-out-change.ts';
import { changeRefusal } from '../changes/change-refusal.ts';
import { changeViewsOf } from '../changes/change-view.ts';
import { showChange } from '../changes/show-change.ts';
import type { OrchestratorDeps } from '../deps.ts';
import { lockChange } from '../queries/changes.ts';
import { LOCKING } from '../requests/locking-scope.ts';

/** Take back a change that one proposed oneself. */
export function cancelChange(deps: OrchestratorDeps): BoundRoute {
  return bind(ROUTES.cancelChange, async (request) => {
    const { tenantId, userId } = request.caller;
    const scope = deps.store.forTenant(tenantId);
    return await answerOnce({ scope, claim: request.idempotency, transaction: LOCKING }, async (tx) => {
      const row = await lockChange(tx, tenantId, request.params.id);
      if (row === undefined) return appError('not_found');
      const command = { type: 'cancel', isAuthor: row.author_id === userId } as const;
      const order = { row, command, cause: causeOfRequest(request) };
      const cancelled = await carryOutChange(deps, tx, order);
      if ('rejected' in cancelled) return changeRefusal(cancelled.rejected, row.status);
      const [view = { row: cancelled, approvals: [] }] = await changeViewsOf(tx, tenantId, [cancelled]);
      return { status: 200, body: showChange(view) };
    });
  });
}
