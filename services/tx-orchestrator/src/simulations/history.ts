import { askPeople, type People } from '../asks/people.ts';
import type { OrchestratorDeps } from '../deps.ts';
import type { PolicyInForce } from '../queries/policies.ts';
import { listRequests } from '../queries/tx-requests.ts';
import { ownerFilter } from '../requests/own-only.ts';
import { factsOfRequest } from '../requests/recheck.ts';
import { approversOf, type RequestView, viewsOf } from '../requests/view.ts';
import type { SimulationRequest } from './made-up.ts';
import { type PastRequest, replay } from './replay.ts';
import { askSurroundings, type Surroundings } from './surroundings.ts';

/** Tries a policy on the newest requests that the caller sees, newest first in the answer. */
export async function simulateHistory(
  deps: OrchestratorDeps,
  policy: PolicyInForce,
  { request, last }: { readonly request: SimulationRequest; readonly last: number },
) {
  const views = await read(deps, request, last);
  const rows = views.map(({ row }) => row);
  const { tenantId } = request.caller;
  const userIds = rows.map(({ submitted_by, user_id }) => submitted_by ?? user_id);
  const people = await askPeople(deps, { tenantId, userIds, requestId: request.requestId });
  const surroundings = await askSurroundings(deps, request, { rows, rules: policy.rules });
  const past = views.map((view) => pastRequest(view, people, surroundings(view.row)));
  return replay(policy, past.toReversed(), people).toReversed();
}

async function read({ store }: OrchestratorDeps, { caller }: SimulationRequest, last: number) {
  const filter = {
    ownerId: ownerFilter(caller),
    // Tasks of the system are judged by no rule.
    equal: { gap_nonce: null },
    ...{ createdAfter: undefined, createdBefore: undefined, after: null },
    count: last,
  };
  const { tenantId } = caller;
  return await store
    .forTenant(tenantId)
    .transaction(async (tx) => await viewsOf(tx, tenantId, await listRequests(tx, tenantId, filter)), {
      isolation: 'read committed',
    });
}

function pastRequest(view: RequestView, people: People, known: Surroundings): PastRequest {
  const { id: transactionId, status, reason, intent_hash } = view.row;
  const facts = factsOfRequest(view.row, people, known);
  return { transactionId, facts, status, reason, approverIds: approversOf(view, intent_hash) };
}
