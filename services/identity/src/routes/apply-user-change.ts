import { INTERNAL_ROUTES, type UserSubject } from '@ironforge/contracts';
import { AppError, branded, type TenantId } from '@ironforge/kernel';
import { type BoundRoute, bindForServices } from '@ironforge/service-kit';
import { recordInbox, type Tx } from '@ironforge/store';
import { type CredentialEdit, putApprovalAddress, resetTotp } from '../accounts/change-credentials.ts';
import { changeUser } from '../accounts/change-user.ts';
import type { IdentityDeps } from '../deps.ts';

/** Does to a user what was approved, once: the change's id is noted in the same transaction, a refusal leaves no trace. */
export function applyUserChange(deps: IdentityDeps): BoundRoute {
  return bindForServices(INTERNAL_ROUTES.applyUserChange, async (request) => {
    const { changeId, authorId, subject } = request.body;
    const tenantId = branded<TenantId>(request.body.tenantId);
    // From where the author acted was told with his proposal: here the orchestrator calls.
    const { requestId, traceparent } = request;
    const cause = { actor: { type: 'user', id: authorId }, requestId, traceparent } as const;
    await deps.store.forTenant(tenantId).transaction(async (tx) => {
      if (!(await recordInbox(tx, { tenantId, consumer: CONSUMER, messageId: changeId }))) return;
      const outcome = await apply(deps, tx, { tenantId, subject, cause });
      if (outcome instanceof AppError) throw outcome;
    });
    return { status: 200, body: {} };
  });
}

const CONSUMER = 'identity.changes';

async function apply(
  deps: IdentityDeps,
  tx: Tx,
  { tenantId, subject, cause }: CredentialEdit<UserSubject>,
): Promise<unknown> {
  if (subject.kind === 'reset_totp') return await resetTotp(deps, tx, { tenantId, subject, cause });
  if (subject.kind === 'set_approval_address')
    return await putApprovalAddress(deps, tx, { tenantId, subject, cause });
  const { userId: id, base, next } = subject;
  return await changeUser(deps, tx, { tenantId, id, displayName: undefined, ...next, base, cause });
}
