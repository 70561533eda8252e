import type { PolicyRuleInput } from '@ironforge/contracts';
import { askPeople, type People } from '../asks/people.ts';
import { askWallet } from '../asks/wallet.ts';
import type { OrchestratorDeps } from '../deps.ts';
import type { PolicyInForce } from '../queries/policies.ts';
import { listRequests, type RequestRow } from '../queries/tx-requests.ts';
import { ownerFilter } from '../requests/own-only.ts';
import { factsOfRequest } from '../requests/recheck.ts';
import { approversOf, type RequestView, viewsOf } from '../requests/view.ts';
import type { SimulationRequest } from './made-up.ts';
import { type PastRequest, replay } from './replay.ts';

const WALLETS_AT_ONCE = 16;

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
  const tags = await askTags(deps, request, { rows, rules: policy.rules });
  const past = views.map((view) => pastRequest(view, people, tags.get(view.row.wallet_id) ?? []));
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

/** The tags of each wallet, when some rule reads any. */
async function askTags(
  deps: OrchestratorDeps,
  { caller: { tenantId }, requestId }: SimulationRequest,
  { rows, rules }: { readonly rows: readonly RequestRow[]; readonly rules: readonly PolicyRuleInput[] },
): Promise<ReadonlyMap<string, readonly string[]>> {
  const tags = new Map<string, readonly string[]>();
  if (!rules.some(({ when }) => when.walletTags !== undefined)) return tags;
  const wallets = [...new Map(rows.map((row) => [row.wallet_id, row.asset_id]))];
  for (let begin = 0; begin < wallets.length; begin += WALLETS_AT_ONCE) {
    const some = wallets.slice(begin, begin + WALLETS_AT_ONCE);
    const answers = some.map(([walletId, assetId]) =>
      askWallet(deps, { tenantId, walletId, assetId, requestId }),
    );
    for (const { wallet } of await Promise.all(answers))
      if (wallet !== null) tags.set(wallet.id, wallet.tags);
  }
  return tags;
}

function pastRequest(view: RequestView, people: People, walletTags: readonly string[]): PastRequest {
  const { id: transactionId, status, reason, intent_hash } = view.row;
  const facts = factsOfRequest(view.row, people, walletTags);
  return { transactionId, facts, status, reason, approverIds: approversOf(view, intent_hash) };
}
