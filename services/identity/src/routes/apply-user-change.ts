import { INTERNAL_ROUTES } from '@ironforge/contracts';
import { AppError, branded, type TenantId } from '@ironforge/kernel';
import { type BoundRoute, bindForServices, causeOfOrigin } from '@ironforge/service-kit';
import { recordInbox } from '@ironforge/store';
import { changeUser } from '../accounts/change-user.ts';
import type { IdentityDeps } from '../deps.ts';

/** Does to a user what was approved, once: the change's id is noted in the same transaction, a refusal leaves no trace. */
export function applyUserChange(deps: IdentityDeps): BoundRoute {
  return bindForServices(INTERNAL_ROUTES.applyUserChange, async (request) => {
    const { changeId, authorId, subject } = request.body;
    const tenantId = branded<TenantId>(request.body.tenantId);
    const cause = causeOfOrigin(request, { type: 'user', id: authorId });
    await deps.store.forTenant(tenantId).transaction(async (tx) => {
      if (!(await recordInbox(tx, { tenantId, consumer: CONSUMER, messageId: changeId }))) return;
      const { userId: id, base, next } = subject;
      const edit = { tenantId, id, displayName: undefined, ...next, base, cause };
      const outcome = await changeUser(deps, tx, edit);
      if (outcome instanceof AppError) throw outcome;
    });
    return { status: 200, body: {} };
  });
}

const CONSUMER = 'identity.changes';
