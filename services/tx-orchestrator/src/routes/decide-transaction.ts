import { appError, ROUTES, type StepUp, stepUp } from '@ironforge/contracts';
import { type AppError, branded, hasCode, type UserId } from '@ironforge/kernel';
import {
  answerBefore,
  type Answer,
  type ApiRequest,
  askThenAnswerOnce,
  type BoundRoute,
  bind,
  causeOfRequest,
  type UserCaller,
} from '@ironforge/service-kit';
import type { ApprovalRow, ApproverGroupRow } from '@ironforge/schema';
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
import { askedBy } from '../requests/decided-by.ts';
import { findVisible } from '../requests/find-visible.ts';
import { sharedScope } from '../requests/locking-scope.ts';
import { peopleBehind } from '../requests/recheck.ts';
import { refusal } from '../requests/refusal.ts';
import { showRequest } from '../requests/show-request.ts';
import {
  approversOf,
  initiatorsOf,
  presentAlternativesOf,
  type RequestView,
  viewAfter,
} from '../requests/view.ts';
import { lockView } from '../requests/find-view.ts';

type Request = ApiRequest<(typeof ROUTES)['decideTransaction'], UserCaller>;

/** Approve or reject exactly this intent. */
export function decideTransaction(deps: OrchestratorDeps): BoundRoute {
  return bind(ROUTES.decideTransaction, async (request) => await decideAnew(deps, request, TRIES));
}

/** The groups of an intent are stored once and stay: a second try sees them all, and spends no code that was spent before. */
const TRIES = 2;

/** Once more from the beginning when a submission, or the wish for a replacement, came between asking and locking. */
async function decideAnew(deps: OrchestratorDeps, request: Request, tries: number): Promise<Answer> {
  const once = { scope: sharedScope(deps, request.caller.tenantId), claim: request.idempotency };
  // A code serves once: a call that was answered needs no other one.
  const before = request.body.totp === undefined ? null : await answerBefore(once);
  if (before !== null) return before;
  const known = () => ask(deps, request);
  try {
    return await askThenAnswerOnce(once, known, (tx, asked) => decide(deps, tx, { request, ...asked }));
  } catch (error) {
    if (tries === 1 || !hasCode(error, 'version_conflict')) throw error;
    return await decideAnew(deps, request, tries - 1);
  }
}

async function decide(
  deps: OrchestratorDeps,
  tx: Tx,
  { request, ...asked }: Asked & { readonly request: Request },
): Promise<Answer | AppError> {
  const view = await lockView(tx, request.caller, request.params.id);
  if (isOvertaken(request, view, asked)) return appError('version_conflict', { retry: 'later' });
  const command = commandOf(request, view, asked.people);
  const policy = askedBy(view.groups, request.body.intentHash);
  const order = { row: view.row, command, cause: causeOfRequest(request), policy };
  const transition = await carryOut(deps, tx, order);
  if ('rejected' in transition) return refusal(transition.rejected, view.row.status);
  const approval = storeDecision(deps, tx, { request, row: view.row, proof: asked.proof });
  return { status: 200, body: showRequest(viewAfter(view, transition.row, approval)) };
}

/** Who counts at this moment, of those who were asked about, and by what the decision was proved. */
interface Asked {
  readonly people: People;
  readonly askedIds: ReadonlySet<string>;
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
  const userIds = [userId, ...found.behind];
  const people = await askPeople(deps, { tenantId, userIds, requestId });
  const known = { people, askedIds: new Set(userIds) };
  if (body.decision === 'reject') return { ...known, proof: UNPROVED };
  const asked = stepUpOf(found, body.intentHash);
  const text = paymentApprovalText(body.intentHash);
  const question = { asked, tenantId, userId, given: body, text, people, requestId };
  return { ...known, proof: await proveApproval(deps, question) };
}

/**
 * True when the groups that stand behind the lock ask for more than was known before it: the draft was submitted meanwhile,
 * or its replacement asked for. Then somebody may not have been asked about, and the decision may not be proved.
 */
function isOvertaken({ body }: Request, view: RequestView, { askedIds, proof }: Asked): boolean {
  const members = groupsOf(view, body.intentHash).flatMap(({ approver_ids }) => approver_ids);
  if (members.some((id) => !askedIds.has(id))) return true;
  const stricter = strictestStepUp([stepUpOf(view, body.intentHash), proof.step_up]);
  return body.decision === 'approve' && stricter !== proof.step_up;
}

/** What an approval of this intent has to be proved by. */
function stepUpOf(view: Pick<RequestView, 'groups'>, intentHash: string): StepUp | null {
  const asked = groupsOf(view, intentHash).map(({ step_up }) => stepUp.nullable().parse(step_up));
  return strictestStepUp(asked);
}

function groupsOf({ groups }: Pick<RequestView, 'groups'>, intentHash: string): readonly ApproverGroupRow[] {
  return groups.filter(({ intent_hash }) => intent_hash === intentHash);
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
  const quorum = quorumStatus(presentAlternativesOf(view, intentHash, people), given).isMet;
  return { type: 'approve', ...decision, quorum };
}

/** True where one rejection ends it, and where those who have not rejected it cannot be enough. */
function isDecisive(
  { userId, intentHash }: { readonly userId: UserId; readonly intentHash: string },
  view: RequestView,
  people: People,
): boolean {
  if (groupsOf(view, intentHash).some(({ rejection }) => rejection === 'ends')) return true;
  const left = [...people.approverIds].filter((id) => id !== userId && !hasRejected(view, intentHash, id));
  const able = countingApprovers(left, initiatorsOf(view, intentHash), people.approverIds);
  return !quorumStatus(presentAlternativesOf(view, intentHash, people), able).isMet;
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
  const groups = presentAlternativesOf(view, intentHash, people).flat();
  if (!groups.some(({ approverIds }) => approverIds.includes(userId))) return 'stranger';
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
