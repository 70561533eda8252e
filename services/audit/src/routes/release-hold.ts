import { appError, ROUTES } from '@ironforge/contracts';
import { answerOnce, bind, type BoundRoute, causeOfRequest } from '@ironforge/service-kit';
import { showHold } from '../keep/show-hold.ts';
import { takeRetentionTurn } from '../queries/audit-retentions.ts';
import { findHold, releaseHold as endHold } from '../queries/legal-holds.ts';
import type { KeepingDeps } from './keeping-deps.ts';

/** `POST /v1/audit/holds/{id}/release`: ends a legal hold; what only it kept may be pruned at once. */
export function releaseHold({ store, own, keeper, clock }: KeepingDeps): BoundRoute {
  return bind(ROUTES.releaseLegalHold, async (request) => {
    const { id } = request.params;
    const { reason } = request.body;
    const { tenantId } = request.caller;
    const cause = causeOfRequest(request);
    const details = { reason };
    const told = await own.make({ type: 'legal_hold_released', tenantId, resourceId: id, cause, details });
    const once = {
      scope: store.forTenant(tenantId),
      claim: request.idempotency,
      transaction: READ_COMMITTED,
    };
    return await answerOnce(once, async (tx) => {
      await takeRetentionTurn(tx, tenantId);
      const hold = await findHold(tx, tenantId, id);
      if (hold === undefined) return appError('not_found');
      if (hold.released_at !== null)
        return appError('illegal_transition', { detail: 'it is released already' });
      const released = { ...hold, released_at: clock(), release_reason: reason };
      await endHold(tx, tenantId, released);
      await own.store(tx, told);
      tx.afterCommit(keeper.wake);
      return { status: 200, body: showHold(released) };
    });
  });
}

const READ_COMMITTED = { isolation: 'read committed' } as const;
