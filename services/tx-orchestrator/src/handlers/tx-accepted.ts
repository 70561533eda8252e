import { type AttemptId, branded } from '@ironforge/kernel';
import type { StateHandler } from '@ironforge/service-kit';
import type { OrchestratorDeps } from '../deps.ts';
import { tellRequest } from '../requests/tell-request.ts';

/** A node has the bytes of an attempt. */
export function txAccepted(deps: OrchestratorDeps): StateHandler<'chain.tx_accepted'> {
  return async (tx, event) => {
    const { requestId, attemptId, height } = event.data;
    const command = { type: 'noteAccepted', attemptId: branded<AttemptId>(attemptId) } as const;
    await tellRequest(deps, tx, { event, requestId, command, height });
  };
}
