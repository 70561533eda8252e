import type { TenantId } from '@ironforge/kernel';
import type { PolicyFacts } from '@ironforge/tx-core';
import { askPeople } from '../asks/people.ts';
import type { OrchestratorDeps } from '../deps.ts';
import type { PolicyInForce } from '../queries/policies.ts';
import { listRequests } from '../queries/tx-requests.ts';
import { ownerFilter } from '../requests/own-only.ts';
import { factsOfRequest, pricedNow } from '../requests/recheck.ts';
import { approversOf, type RequestView, viewsOf } from '../requests/view.ts';
import type { SimulationRequest } from './made-up.ts';
import { type PastRequest, replay } from './replay.ts';
import { askSurroundings } from './surroundings.ts';

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
  const bare = views.map((view) => ({
    view,
    facts: factsOfRequest(view.row, people, surroundings(view.row)),
  }));
  const past = await withPrices(deps, tenantId, { policy, bare });
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

interface Unpriced {
  readonly policy: PolicyInForce;
  readonly bare: readonly { readonly view: RequestView; readonly facts: PolicyFacts }[];
}

/** By the prices of the submission where they were recorded, else by those that stand now. */
async function withPrices(
  { store, clock }: OrchestratorDeps,
  tenantId: TenantId,
  { policy, bare }: Unpriced,
): Promise<PastRequest[]> {
  return await store.forTenant(tenantId).transaction(
    async (tx) => {
      const past: PastRequest[] = [];
      for (const { view, facts } of bare) {
        const known = await pricedNow(tx, { row: view.row, policy, atMs: clock().getTime() }, facts);
        past.push({ ...pastRequest(view), ...known });
      }
      return past;
    },
    { isolation: 'read committed' },
  );
}

function pastRequest(view: RequestView): Omit<PastRequest, 'facts' | 'prices'> {
  const { id: transactionId, status, reason, intent_hash } = view.row;
  return { transactionId, status, reason, approverIds: approversOf(view, intent_hash) };
}
