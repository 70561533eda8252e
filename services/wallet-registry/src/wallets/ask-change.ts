import { type ChangeReceipt, INTERNAL_ROUTES, type WalletSubject } from '@ironforge/contracts';
import { type Answer, type ApiRequest, changeIdOf, type UserCaller } from '@ironforge/service-kit';
import type { RegistryDeps } from '../deps.ts';

/** Asks the orchestrator whether others must approve this first; the change if so. Throws `dependency_down`. */
export async function askChange(
  { call, newId }: Pick<RegistryDeps, 'call' | 'newId'>,
  { caller, idempotency, requestId }: Pick<ApiRequest, 'idempotency' | 'requestId'> & { caller: UserCaller },
  subject: WalletSubject,
): Promise<ChangeReceipt | null> {
  const { tenantId, userId, apiKeyId } = caller;
  const changeId = changeIdOf(idempotency, newId);
  const body = { tenantId, changeId, author: { userId, apiKeyId }, subject };
  return (await call(INTERNAL_ROUTES.proposeChange, { body, requestId })).change;
}

/** Asks the same, and has nothing stored: for what is refused if others must approve it. Throws `dependency_down`. */
export async function mustWait(
  { call, newId }: Pick<RegistryDeps, 'call' | 'newId'>,
  { caller, requestId }: Pick<ApiRequest, 'requestId'> & { caller: UserCaller },
  subject: WalletSubject,
): Promise<boolean> {
  const { tenantId, userId, apiKeyId } = caller;
  const body = {
    tenantId,
    changeId: newId(),
    author: { userId, apiKeyId },
    subject,
    asksOnly: true,
  } as const;
  const { change } = await call(INTERNAL_ROUTES.proposeChange, { body, requestId });
  return change !== null;
}

/** The answer to a write that others have to approve first. */
export function answerProposed(change: ChangeReceipt): Answer {
  return { status: 202, body: change, headers: { Location: `/v1/changes/${change.changeId}` } };
}
