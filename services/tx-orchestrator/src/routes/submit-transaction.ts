import { appError, ROUTES, type Simulation } from '@ironforge/contracts';
import {
  type ApiRequest,
  askThenAnswerOnce,
  type BoundRoute,
  bind,
  causeOfRequest,
  type UserCaller,
} from '@ironforge/service-kit';
import type { Tx } from '@ironforge/store';
import { askTransfer, type Destination } from '../asks/destination.ts';
import { askPeople, type People } from '../asks/people.ts';
import { askQuoteIfAny } from '../asks/quote.ts';
import type { Wallet } from '../asks/wallet.ts';
import type { OrchestratorDeps } from '../deps.ts';
import { judgeSubmission } from '../policies/judge-submission.ts';
import { insertGroups } from '../queries/approvals.ts';
import { findPolicyInForce } from '../queries/policies.ts';
import { pinSubmission } from '../queries/tx-requests.ts';
import { carryOut } from '../requests/carry-out.ts';
import { lockVisible, readVisible } from '../requests/find-visible.ts';
import { LOCKING } from '../requests/locking-scope.ts';
import { refusal } from '../requests/refusal.ts';
import { showRequest } from '../requests/show-request.ts';
import { simulationOf } from '../requests/simulation.ts';
import { groupRows, reserve, submissionColumns } from '../requests/submission.ts';
import { freshView, type RequestView } from '../requests/view.ts';

type Request = ApiRequest<(typeof ROUTES)['submitTransaction'], UserCaller>;

/** Hand a draft to the rules. */
export function submitTransaction(deps: OrchestratorDeps): BoundRoute {
  return bind(ROUTES.submitTransaction, async (request) => {
    const { caller, idempotency: claim } = request;
    const scope = deps.store.forTenant(caller.tenantId);
    const known = () => ask(deps, request);
    return await askThenAnswerOnce({ scope, claim, transaction: LOCKING }, known, async (tx, heard) => {
      const view = await submit(deps, tx, { request, ...heard });
      return { status: 200, body: showRequest(view) };
    });
  });
}

interface Known {
  readonly wallet: Wallet;
  readonly people: People;
  readonly destination: Destination;
  readonly simulation: Simulation;
}

async function ask(deps: OrchestratorDeps, { caller, params, requestId }: Request): Promise<Known> {
  const { tenantId, userId } = caller;
  const row = await readVisible(deps, caller, params.id);
  const { wallet_id: walletId, asset_id: assetId, intent } = row;
  const [{ wallet, destination }, people, quote] = await Promise.all([
    askTransfer(deps, { walletId, assetId, intent, initiatorIds: [row.user_id, userId], requestId }),
    askPeople(deps, { tenantId, userIds: [userId], requestId }),
    askQuoteIfAny(deps, row.intent, requestId),
  ]);
  if (wallet?.status !== 'active') throw appError('wallet_not_active');
  return { wallet, people, destination, simulation: simulationOf(deps, row.intent, quote) };
}

async function submit(
  deps: OrchestratorDeps,
  tx: Tx,
  { request, simulation, ...known }: Known & { readonly request: Request },
): Promise<RequestView> {
  const { caller } = request;
  const [row, policy] = await Promise.all([
    lockVisible(tx, caller, request.params.id),
    findPolicyInForce(tx, caller.tenantId, known.wallet.policyId),
  ]);
  const { intent, decimals, now: submittedAt } = row;
  const who = { initiator: caller, initiatorIds: [row.user_id, caller.userId] };
  const judgement = await judgeSubmission(tx, { ...known, ...who, policy, intent, decimals, submittedAt });
  const command = { type: 'submit', verdict: judgement.verdict } as const;
  const submission = submissionColumns({ ...caller, submittedAt, simulation }, judgement);
  const pinned = { ...row, ...submission };
  const transition = await carryOut(deps, tx, { row: pinned, command, cause: causeOfRequest(request) });
  if ('rejected' in transition) throw refusal(transition.rejected, row.status);
  pinSubmission(tx, row, submission);
  const judged = { tenantId: row.tenant_id, requestId: row.id, intentHash: row.intent_hash };
  const groups = groupRows(judgement, judged);
  insertGroups(tx, groups);
  await reserve(tx, row, judgement);
  return freshView(transition.row, groups);
}
