import { ROUTES } from '@ironforge/contracts';
import { AppError } from '@ironforge/kernel';
import { type BoundRoute, bind, causeOfRequest } from '@ironforge/service-kit';
import type { OrchestratorDeps } from '../deps.ts';
import { offerOriginal } from '../lanes/offer-original.ts';
import { offerReplacement } from '../lanes/offer-replacement.ts';
import { askAboutPayload, laneOf } from '../lanes/payload-order.ts';
import { attemptIntent } from '../requests/attempts.ts';
import { refusal } from '../requests/refusal.ts';
import { resolveAgain } from '../requests/resolve-quorums.ts';
import { readBareView } from '../requests/find-view.ts';

/** Bind nonce and fees and lease the right to sign; asking again gives the same lease. */
export function createSigningPayload(deps: OrchestratorDeps): BoundRoute {
  return bind(ROUTES.createSigningPayload, async (request) => {
    const { body, requestId } = request;
    const kind = body.kind ?? 'original';
    const view = await readBareView(deps, request.caller, request.params.id);
    const { row } = view;
    if (kind === 'original' && row.status !== 'approved') throw refusal('illegal_transition', row.status);
    const intent = attemptIntent(deps, row, { kind, feeCeiling: row.fee_ceiling });
    const known = await askAboutPayload(deps, view, { intent, requestId });
    const lane = laneOf(row);
    const offer = kind === 'original' ? offerOriginal : offerReplacement;
    const answer = await deps.withLane(lane, (tx) => offer(deps, tx, { request, lane, known }));
    if (!(answer instanceof AppError)) return { status: 200, body: answer };
    if (answer.code === 'quorum_missing')
      await resolveAgain(deps, {
        tenantId: request.caller.tenantId,
        requestId: row.id,
        cause: causeOfRequest(request),
      });
    return answer;
  });
}
