import { type AttemptId, branded, parseUnits, present } from '@ironforge/kernel';
import type { StateHandler } from '@ironforge/service-kit';
import type { OrchestratorDeps } from '../deps.ts';
import { noteFeePaid } from '../queries/tx-attempts.ts';
import { noteWaiting } from '../queries/tx-requests.ts';
import { minedAfterEnd } from '../requests/mined-after-end.ts';
import { causeOfNews, tellRequest } from '../requests/tell-request.ts';

/** The watch over the hashes that we sent tells all it sees; older news change nothing. */
export function txObserved(deps: OrchestratorDeps): StateHandler<'chain.tx_observed'> {
  return async (tx, event) => {
    const { requestId, version, depth, height, winner } = event.data;
    const mined = winner && { ...winner, attemptId: branded<AttemptId>(winner.attemptId) };
    const command = { type: 'observe', version, depth, winner: mined } as const;
    const told = await tellRequest(deps, tx, { event, requestId, command, height });
    if (told === null) return;
    if (told.transition.events.some(({ type }) => type === 'reorged')) noteWaiting(tx, told.before, height);
    if (winner === null || told.transition.events.length === 0) return;
    const feePaid = present(parseUnits(winner.feePaid), 'a fee in base units');
    noteFeePaid(tx, event.tenantid, { id: winner.attemptId, feePaid });
    deps.outbox.add(tx, minedAfterEnd(deps, told, causeOfNews(event, told.before.chain_id)));
  };
}
