import { ROUTES, stepUp } from '@ironforge/contracts';
import { branded, type UserId } from '@ironforge/kernel';
import {
  type ApiRequest,
  askThenAnswerOnce,
  type BoundRoute,
  bind,
  causeOfRequest,
  type UserCaller,
} from '@ironforge/service-kit';
import type { ApprovalRow } from '@ironforge/schema';
import type { Tx } from '@ironforge/store';
import {
  type Command,
  countingApprovers,
  paymentApprovalText,
  quorumStatus,
  type Standing,
  strictestStepUp,
} from '@ironforge/tx-core';
import { askPeople, type People } from '../asks/people.ts';
import { type Proof, proveApproval, UNPROVED } from '../asks/step-up.ts';
import type { OrchestratorDeps } from '../deps.ts';
import { findGroups, insertApproval } from '../queries/approvals.ts';
import type { RequestRow } from '../queries/tx-requests.ts';
import { carryOut } from '../requests/carry-out.ts';
import { findVisible } from '../requests/find-visible.ts';
import { sharedScope } from '../requests/locking-scope.ts';
import { peopleBehind } from '../requests/recheck.ts';
import { refusal } from '../requests/refusal.ts';
import { showRequest } from '../requests/show-request.ts';
import { alternativesOf, approversOf, initiatorsOf, type RequestView, viewAfter } from '../requests/view.ts';
import { lockView } from '../requests/find-view.ts';

type Request = ApiRequest<(typeof ROUTES)['decideTransaction'], UserCaller>;

/** Approve or reject exactly this intent. */
export function decideTransaction(deps: OrchestratorDeps): BoundRoute {
  return bind(ROUTES.decideTransaction, async (request) => {
    const once = { scope: sharedScope(deps, request.caller.tenantId), claim: request.idempotency };
    const known = () => ask(deps, request);
    return await askThenAnswerOnce(once, known, async (tx, { people, proof }) => {
      const view = await lockView(tx, request.caller, request.params.id);
      const command = commandOf(request, view, people);
      const order = { row: view.row, command, cause: causeOfRequest(request) };
      const transition = await carryOut(deps, tx, order);
      if ('rejected' in transition) return refusal(transition.rejected, view.row.status);
      const approval = storeDecision(deps, tx, { request, row: view.row, proof });
      return { status: 200, body: showRequest(viewAfter(view, transition.row, approval)) };
    });
  });
}

/** Who counts at this moment, and by what the decision was proved. */
interface Asked {
  readonly people: People;
  readonly proof: Proof;
}

/** Whether those who approve, before or meanwhile, still count is known to identity alone, and so is a second factor. */
async function ask(deps: OrchestratorDeps, { caller, params, body, requestId }: Request): Promise<Asked> {
  const { tenantId, userId } = caller;
  const found = await deps.store.forTenant(tenantId).read(async (tx) => {
    const [row, groups] = await Promise.all([
      findVisible(tx, caller, params.id),
      findGroups(tx, tenantId, [params.id]),
    ]);
    return { behind: peopleBehind({ row, groups }), groups };
  });
  const people = await askPeople(deps, { tenantId, userIds: [userId, ...found.behind], requestId });
  if (body.decision === 'reject') return { people, proof: UNPROVED };
  const own = found.groups.filter(({ intent_hash }) => intent_hash === body.intentHash);
  const asked = strictestStepUp(own.map(({ step_up }) => stepUp.nullable().parse(step_up)));
  const text = paymentApprovalText(body.intentHash);
  const question = { asked, tenantId, userId, given: body, text, people, requestId };
  return { people, proof: await proveApproval(deps, question) };
}

function commandOf({ body, caller }: Request, view: RequestView, people: People): Command {
  const userId = branded<UserId>(caller.userId);
  const { intentHash } = body;
  const decision = { userId, intentHash, standing: standingOf({ userId, intentHash }, view, people) };
  if (body.decision === 'reject')
    return { type: 'reject', ...decision, isDecisive: isDecisive(decision, view, people) };
  const given = countingApprovers(
    [...approversOf(view, intentHash, people.approverIds), userId],
    initiatorsOf(view, intentHash),
    people.approverIds,
  );
  const quorum = quorumStatus(alternativesOf(view, intentHash), given).isMet;
  return { type: 'approve', ...decision, quorum };
}

/** True where one rejection ends it, and where those who have not rejected it cannot be enough. */
function isDecisive(
  { userId, intentHash }: { readonly userId: UserId; readonly intentHash: string },
  view: RequestView,
  people: People,
): boolean {
  const own = view.groups.filter(({ intent_hash }) => intent_hash === intentHash);
  if (own.some(({ rejection }) => rejection === 'ends')) return true;
  const left = [...people.approverIds].filter((id) => id !== userId && !hasRejected(view, intentHash, id));
  const able = countingApprovers(left, initiatorsOf(view, intentHash), people.approverIds);
  return !quorumStatus(alternativesOf(view, intentHash), able).isMet;
}

function hasRejected({ approvals }: RequestView, intentHash: string, userId: UserId): boolean {
  return approvals.some(
    ({ approver_id, intent_hash, decision }) =>
      approver_id === userId && intent_hash === intentHash && decision === 'reject',
  );
}

function standingOf(
  { userId, intentHash }: { readonly userId: UserId; readonly intentHash: string },
  view: RequestView,
  people: People,
): Standing {
  if (initiatorsOf(view, intentHash).includes(userId)) return 'initiator';
  const groups = alternativesOf(view, intentHash).flat();
  const isMember = groups.some(({ approverIds }) => approverIds.includes(userId));
  if (!isMember || !people.approverIds.has(userId)) return 'stranger';
  const isOwn = (one: RequestView['approvals'][number]) =>
    one.approver_id === userId && one.intent_hash === intentHash;
  return view.approvals.some(isOwn) ? 'decided' : 'approver';
}

function storeDecision(
  { newId, clock }: OrchestratorDeps,
  tx: Tx,
  { request, row, proof }: { readonly request: Request; readonly row: RequestRow } & Pick<Asked, 'proof'>,
): ApprovalRow {
  const { body, caller } = request;
  const place = {
    id: newId(),
    tenant_id: row.tenant_id,
    tx_request_id: row.id,
    intent_hash: body.intentHash,
  };
  const { decision, comment = null } = body;
  const who = { approver_id: caller.userId, ...proof };
  const approval = { ...place, ...who, decision, comment, created_at: clock() };
  insertApproval(tx, approval);
  return approval;
}
