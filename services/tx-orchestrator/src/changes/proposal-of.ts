import { type ApiRequest, causeOfRequest, type UserCaller } from '@ironforge/service-kit';
import type { OrchestratorDeps } from '../deps.ts';
import type { Proposal } from './propose.ts';

/** A proposal of whoever calls, but for what it is about. */
export function proposalOf(
  { newId }: Pick<OrchestratorDeps, 'newId'>,
  request: ApiRequest & { readonly caller: UserCaller },
): Omit<Proposal, 'subject'> {
  const { tenantId, userId, apiKeyId } = request.caller;
  return { changeId: newId(), tenantId, author: { userId, apiKeyId }, cause: causeOfRequest(request) };
}
