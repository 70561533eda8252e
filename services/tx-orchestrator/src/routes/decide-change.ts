import { appError, ROUTES } from '@ironforge/contracts';
import { branded, type UserId } from '@ironforge/kernel';
import {
  answerBefore,
  type ApiRequest,
  askThenAnswerOnce,
  type BoundRoute,
  bind,
  causeOfRequest,
  type UserCaller,
} from '@ironforge/service-kit';
import type { Tx } from '@ironforge/store';
import {
  type ChangeCommand,
  changeApprovalText,
  type ChangeStanding,
  stepUpOfChange,
} from '@ironforge/tx-core';
import { askPeople, type People } from '../asks/people.ts';
import { type Proof, proveApproval, UNPROVED } from '../asks/step-up.ts';
import { applyChanges } from '../changes/apply-changes.ts';
import { carryOutChange } from '../changes/carry-out-change.ts';
import {
  approvedBy,
  type ChangeView,
  changeGroupsOf,
  changeViewsOf,
  isComplete,
  votersOf,
} from '../changes/change-view.ts';
import { changeRefusal } from '../changes/change-refusal.ts';
import { showChange } from '../changes/show-change.ts';
import type { OrchestratorDeps } from '../deps.ts';
import { findChange, insertChangeApproval, lockChange } from '../queries/changes.ts';
import { LOCKING } from '../requests/locking-scope.ts';
import { readChange } from './get-change.ts';

type Request = ApiRequest<(typeof ROUTES)['decideChange'], UserCaller>;

/** Approve or reject exactly this change; what the last approval completes is applied before the answer, or soon after. */
export function decideChange(deps: OrchestratorDeps): BoundRoute {
  return bind(ROUTES.decideChange, async (request) => {
    const { tenantId } = request.caller;
    const scope = deps.store.forTenant(tenantId);
    const once = { scope, claim: request.idempotency, transaction: LOCKING };
    const ask = () => askVoters(deps, request);
    // A code serves once: a call that was answered needs no other one.
    const before = request.body.totp === undefined ? null : await answerBefore(once);
    const answer =
      before ?? (await askThenAnswerOnce(once, ask, (tx, asked) => decide(deps, tx, { request, ...asked })));
    await applyChanges(deps, tenantId).catch((error: unknown) =>
      deps.log.warn({ err: error }, 'a change is applied later'),
    );
    return { ...answer, body: await readChange(deps, tenantId, request.params.id) };
  });
}

/** Who counts at this moment, and by what the decision was proved. */
interface Asked {
  readonly people: People;
  readonly proof: Proof;
}

async function askVoters(
  deps: OrchestratorDeps,
  { caller, params, body, requestId }: Request,
): Promise<Asked> {
  const { tenantId, userId } = caller;
  const row = await deps.store
    .forTenant(tenantId)
    .transaction((tx) => findChange(tx, tenantId, params.id), { isolation: 'read committed' });
  if (row === undefined) throw appError('not_found');
  const people = await askPeople(deps, { tenantId, userIds: votersOf(row), requestId });
  if (body.decision === 'reject') return { people, proof: UNPROVED };
  const asked = stepUpOfChange(changeGroupsOf(row), branded<UserId>(userId));
  const text = changeApprovalText(body.changeHash);
  const question = { asked, tenantId, userId, given: body, text, people, requestId };
  return { people, proof: await proveApproval(deps, question) };
}

async function decide(
  deps: OrchestratorDeps,
  tx: Tx,
  { request, people, proof }: Asked & { readonly request: Request },
) {
  const { caller, params, body } = request;
  const row = await lockChange(tx, caller.tenantId, params.id);
  if (row === undefined) return appError('not_found');
  const [view = { row, approvals: [] }] = await changeViewsOf(tx, caller.tenantId, [row]);
  const command = commandOf(request, view, people);
  const cause = causeOfRequest(request);
  const decided = await carryOutChange(deps, tx, { row, command, cause, approverId: caller.userId });
  if ('rejected' in decided) return changeRefusal(decided.rejected, row.status);
  const { decision, comment = null } = body;
  const place = { id: deps.newId(), tenant_id: row.tenant_id, change_id: row.id };
  const voice = { approver_id: caller.userId, decision, comment, ...proof };
  const approval = { ...place, ...voice, created_at: deps.clock() };
  await insertChangeApproval(tx, approval);
  return { status: 200, body: showChange({ row: decided, approvals: [...view.approvals, approval] }) };
}

function commandOf({ caller, body }: Request, view: ChangeView, people: People): ChangeCommand {
  const userId = branded<UserId>(caller.userId);
  const { changeHash } = body;
  const standing = standingOf(userId, view, people);
  if (body.decision === 'reject') return { type: 'reject', changeHash, standing };
  const complete = isComplete(view.row, [...approvedBy(view), userId], people);
  return { type: 'approve', changeHash, standing, isComplete: complete };
}

function standingOf(userId: UserId, { row, approvals }: ChangeView, people: People): ChangeStanding {
  if (row.author_id === userId) return 'author';
  const roles = people.rolesOf.get(userId) ?? [];
  const isMember = changeGroupsOf(row).some(
    ({ role, approverIds }) => approverIds.includes(userId) && (role === null || roles.includes(role)),
  );
  if (!isMember || !people.approverIds.has(userId)) return 'stranger';
  return approvals.some(({ approver_id }) => approver_id === userId) ? 'decided' : 'approver';
}
