import type { Cause, EventMessage } from '@ironforge/service-kit';
import { prevailing, STATUSES } from '@ironforge/tx-core';
import type { OrchestratorDeps } from '../deps.ts';
import { securityEvent } from './security-events.ts';
import type { Told } from './tell-request.ts';

/** Tells that a request which people had ended was mined all the same; nothing when that did not happen. */
export function minedAfterEnd(
  deps: OrchestratorDeps,
  { before, transition }: NonNullable<Told>,
  cause: Cause,
): EventMessage[] {
  const { winner } = prevailing(transition.row.state.sightings);
  const isMined = transition.events.some(({ type }) => type === 'included') && winner?.by === 'attempt';
  const status = STATUSES.find((one) => one === before.status);
  if (!isMined || !ENDED.includes(before.status) || status === undefined) return [];
  const data = { requestId: before.id, status, txHash: winner.txHash };
  return [securityEvent(deps, 'security.mined_after_end', { tenantId: before.tenant_id, cause, data })];
}

const ENDED = ['cancelled', 'expired', 'rejected'];
