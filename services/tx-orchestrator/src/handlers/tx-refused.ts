import type { EventData } from '@ironforge/contracts';
import { type AttemptId, branded } from '@ironforge/kernel';
import type { StateHandler } from '@ironforge/service-kit';
import type { NodeRefusal } from '@ironforge/tx-core';
import type { OrchestratorDeps } from '../deps.ts';
import { tellRequest } from '../requests/tell-request.ts';

/** No node took the bytes of an attempt: a reason, not an end, since they could still be mined. */
export function txRefused(deps: OrchestratorDeps): StateHandler<'chain.tx_refused'> {
  return async (tx, event) => {
    const { requestId, attemptId, height, reason } = event.data;
    const command = {
      type: 'noteRefused',
      attemptId: branded<AttemptId>(attemptId),
      reason: REASONS[reason],
    } as const;
    await tellRequest(deps, tx, { event, requestId, command, height });
  };
}

/** The watcher looked for our own receipt before it said that a nonce is too low. */
const REASONS: Readonly<Record<EventData<'chain.tx_refused'>['reason'], NodeRefusal>> = {
  underpriced: 'underpriced',
  insufficient_funds: 'insufficient_funds',
  nonce_too_low: 'refused_by_node',
  refused_by_node: 'refused_by_node',
  outcome_unknown: 'outcome_unknown',
  evicted: 'evicted',
};
