import { appError, ROUTES } from '@ironforge/contracts';
import {
  answerProposed,
  type ApiRequest,
  askThenAnswerOnce,
  bind,
  type BoundRoute,
  causeOfRequest,
  type UserCaller,
} from '@ironforge/service-kit';
import type { Tx } from '@ironforge/store';
import type { People } from '../asks/people.ts';
import { proposalOf } from '../changes/proposal-of.ts';
import { propose } from '../changes/propose.ts';
import { writeNewPolicy } from '../changes/write-policy.ts';
import type { OrchestratorDeps } from '../deps.ts';
import { askMembers } from '../policies/ask-members.ts';
import { refuseLocking } from '../policies/refuse-locking.ts';
import { refuseUnprovable } from '../policies/refuse-unprovable.ts';
import { ruleProblems } from '../policies/rule-problems.ts';
import { answerPolicy } from '../policies/show-policy.ts';
import { hasDefaultPolicy } from '../queries/policies.ts';

type Request = ApiRequest<(typeof ROUTES)['createPolicy'], UserCaller>;

/** Add a policy: the first of a tenant at once, as its default; further ones when their quorum is complete. */
export function createPolicy(deps: OrchestratorDeps): BoundRoute {
  return bind(ROUTES.createPolicy, async (request) => {
    const errors = ruleProblems(request.body.rules);
    if (errors.length > 0) throw appError('validation_failed', { errors });
    const { tenantId } = request.caller;
    const once = { scope: deps.store.forTenant(tenantId), claim: request.idempotency };
    const ask = async () => {
      const { rules: inputs } = request.body;
      const people = await askMembers(deps, { tenantId, inputs, requestId: request.requestId });
      refuseUnprovable(inputs, people);
      return people;
    };
    return await askThenAnswerOnce(once, ask, (tx, people) => create(deps, tx, { request, people }));
  });
}

async function create(
  deps: OrchestratorDeps,
  tx: Tx,
  { request, people }: { readonly request: Request; readonly people: People },
) {
  const { tenantId, userId: authorId } = request.caller;
  const { name, description = null, rules, isDefault } = request.body;
  const subject = {
    kind: 'create_policy' as const,
    policyId: deps.newId(),
    name,
    description,
    rules,
    isDefault: isDefault ?? !(await hasDefaultPolicy(tx, tenantId)),
  };
  refuseLocking(subject, people);
  const receipt = await propose(deps, tx, { ...proposalOf(deps, request), subject, people });
  if (receipt !== null) return answerProposed(receipt);
  const cause = causeOfRequest(request);
  const policy = await writeNewPolicy(deps, tx, { tenantId, authorId, subject, cause });
  const { body, headers } = answerPolicy(policy);
  return { status: 201, body, headers: { ...headers, Location: `/v1/policies/${policy.id}` } };
}
