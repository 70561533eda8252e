import { ROUTES } from '@ironforge/contracts';
import { answerOnce, bind, type BoundRoute, causeOfRequest } from '@ironforge/service-kit';
import { showHold } from '../keep/show-hold.ts';
import { takeRetentionTurn } from '../queries/audit-retentions.ts';
import { insertHold, type StoredHold } from '../queries/legal-holds.ts';
import type { KeepingDeps } from './keeping-deps.ts';

/** `POST /v1/audit/holds`: places a legal hold. Once it is answered, nothing that it covers is pruned. */
export function placeHold({ store, own, clock, newId }: KeepingDeps): BoundRoute {
  return bind(ROUTES.placeLegalHold, async (request) => {
    const { body, idempotency: claim } = request;
    const { tenantId } = request.caller;
    const hold: StoredHold = {
      ...body,
      id: newId(),
      placed_at: clock(),
      released_at: null,
      release_reason: null,
    };
    const cause = causeOfRequest(request);
    const act = { type: 'legal_hold_placed', tenantId, resourceId: hold.id, cause, details: body } as const;
    const told = await own.make(act);
    const once = { scope: store.forTenant(tenantId), claim, transaction: READ_COMMITTED };
    return await answerOnce(once, async (tx) => {
      await takeRetentionTurn(tx, tenantId);
      await insertHold(tx, tenantId, hold);
      await own.store(tx, told);
      return { status: 201, body: showHold(hold) };
    });
  });
}

const READ_COMMITTED = { isolation: 'read committed' } as const;
