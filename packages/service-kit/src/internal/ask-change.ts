import {
  type ChangeReceipt,
  INTERNAL_ROUTES,
  type UserSubject,
  type WalletSubject,
} from '@ironforge/contracts';
import type { NewId } from '@ironforge/kernel';
import type { Answer, ApiRequest } from '../http/route.ts';
import type { UserCaller } from './caller.ts';
import { changeIdOf } from './change-id.ts';
import type { CallInternal } from './create-internal-client.ts';

/** What it takes to ask. */
export interface AskChangeDeps {
  readonly call: CallInternal;
  readonly newId: NewId;
}

/** Asks the orchestrator whether others must approve this first; the change if so. Throws `dependency_down`. */
export async function askChange(
  { call, newId }: AskChangeDeps,
  { caller, idempotency, requestId }: Pick<ApiRequest, 'idempotency' | 'requestId'> & { caller: UserCaller },
  subject: UserSubject | WalletSubject,
): Promise<ChangeReceipt | null> {
  const { tenantId, userId, apiKeyId } = caller;
  const changeId = changeIdOf(idempotency, newId);
  const body = { tenantId, changeId, author: { userId, apiKeyId }, subject };
  return (await call(INTERNAL_ROUTES.proposeChange, { body, requestId })).change;
}

/** Asks the same, and has nothing stored: for what is refused if others must approve it. Throws `dependency_down`. */
export async function mustWait(
  { call, newId }: AskChangeDeps,
  { caller, requestId }: Pick<ApiRequest, 'requestId'> & { caller: UserCaller },
  subject: UserSubject | WalletSubject,
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
