import { ROUTES } from '@ironforge/contracts';
import { answerOnce, type BoundRoute, bind, causeOfRequest } from '@ironforge/service-kit';
import type { OrchestratorDeps } from '../deps.ts';
import { carryOut } from '../requests/carry-out.ts';
import { lockVisible } from '../requests/find-visible.ts';
import { LOCKING } from '../requests/locking-scope.ts';
import { refusal } from '../requests/refusal.ts';
import { showRequest } from '../requests/show-request.ts';
import { viewOf } from '../requests/view.ts';

/** Take a request back that is not signed yet. */
export function cancelTransaction(deps: OrchestratorDeps): BoundRoute {
  return bind(ROUTES.cancelTransaction, async (request) => {
    const { caller, params, idempotency: claim } = request;
    const scope = deps.store.forTenant(caller.tenantId);
    return await answerOnce({ scope, claim, transaction: LOCKING }, async (tx) => {
      const row = await lockVisible(tx, caller, params.id);
      const order = { row, command: { type: 'cancel' }, cause: causeOfRequest(request) } as const;
      const transition = await carryOut(deps, tx, order);
      if ('rejected' in transition) return refusal(transition.rejected, row.status);
      return { status: 200, body: showRequest(await viewOf(tx, transition.row)) };
    });
  });
}
