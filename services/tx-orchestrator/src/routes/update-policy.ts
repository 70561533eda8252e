import { appError, type ChangeSubject, type PolicyRuleInput, ROUTES } from '@ironforge/contracts';
import type { AppError } from '@ironforge/kernel';
import {
  type Answer,
  answerProposed,
  type ApiRequest,
  bind,
  type BoundRoute,
  causeOfRequest,
  type UserCaller,
} from '@ironforge/service-kit';
import type { Tx } from '@ironforge/store';
import type { People } from '../asks/people.ts';
import { propose } from '../changes/propose.ts';
import { proposalOf } from '../changes/proposal-of.ts';
import { writePolicy } from '../changes/write-policy.ts';
import type { OrchestratorDeps } from '../deps.ts';
import { askMembers } from '../policies/ask-members.ts';
import { refuseLocking } from '../policies/refuse-locking.ts';
import { refuseUnprovable } from '../policies/refuse-unprovable.ts';
import { ruleProblems } from '../policies/rule-problems.ts';
import { refuseOtherVersion } from '../policies/policy-tag.ts';
import { answerPolicy } from '../policies/show-policy.ts';
import { findPolicy, type StoredPolicy } from '../queries/policies.ts';

type Request = ApiRequest<(typeof ROUTES)['updatePolicy'], UserCaller>;

/** Another version of a policy: when its quorum is complete, or at once where nobody else has a say. */
export function updatePolicy(deps: OrchestratorDeps): BoundRoute {
  return bind(ROUTES.updatePolicy, async (request) => {
    const errors = ruleProblems(request.body.rules ?? []);
    if (errors.length > 0) throw appError('validation_failed', { errors });
    const { tenantId } = request.caller;
    const scope = deps.store.forTenant(tenantId);
    const inputs = request.body.rules ?? (await scope.read((tx) => knownRules(tx, request)));
    const people = await askMembers(deps, { tenantId, inputs, requestId: request.requestId });
    refuseUnprovable(request.body.rules ?? [], people);
    return await scope.transaction((tx) => update(deps, tx, { request, people }));
  });
}

/** What a policy keeps that becomes the default as it is. */
async function knownRules(tx: Tx, { caller, params }: Request): Promise<readonly PolicyRuleInput[]> {
  return (await findPolicy(tx, caller.tenantId, params.id))?.rules ?? [];
}

async function update(
  deps: OrchestratorDeps,
  tx: Tx,
  { request, people }: { readonly request: Request; readonly people: People },
): Promise<Answer | AppError> {
  const { tenantId, userId: authorId } = request.caller;
  const known = await findPolicy(tx, tenantId, request.params.id);
  if (known === undefined) return appError('not_found');
  refuseOtherVersion(known, request.headers['if-match']);
  if (Object.keys(request.body).length === 0) return answerPolicy(known);
  const subject = subjectOf(known, request.body);
  if (subject.isDefault && !subject.isActive)
    return appError('illegal_transition', { detail: 'the default policy stays active: name another first' });
  refuseLocking(subject, people);
  const receipt = await propose(deps, tx, { ...proposalOf(deps, request), subject, people });
  if (receipt !== null) return answerProposed(receipt);
  const write = { tenantId, authorId, subject, cause: causeOfRequest(request) };
  const policy = await writePolicy(deps, tx, write);
  return policy === undefined ? appError('version_conflict') : answerPolicy(policy);
}

function subjectOf(
  known: StoredPolicy,
  { name, description, rules, isDefault, isActive }: Request['body'],
): Extract<ChangeSubject, { kind: 'update_policy' }> {
  return {
    kind: 'update_policy',
    policyId: known.id,
    base: { version: known.version },
    name: name ?? known.name,
    description: description === undefined ? known.description : description,
    rules: rules ?? known.rules,
    isDefault: isDefault ?? known.is_default,
    isActive: isActive ?? known.is_active,
  };
}
