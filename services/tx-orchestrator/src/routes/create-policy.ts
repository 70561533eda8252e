import { appError, ROUTES } from '@ironforge/contracts';
import {
  answerOnce,
  type ApiRequest,
  type BoundRoute,
  bind,
  causeOfRequest,
  type UserCaller,
} from '@ironforge/service-kit';
import { isUniqueViolation, type Tx } from '@ironforge/store';
import type { OrchestratorDeps } from '../deps.ts';
import { ruleProblems } from '../policies/rule-problems.ts';
import { showPolicy } from '../policies/show-policy.ts';
import { dropDefault, hasDefaultPolicy, insertPolicy, type StoredPolicy } from '../queries/policies.ts';

type Request = ApiRequest<(typeof ROUTES)['createPolicy'], UserCaller>;

/** Add a policy; the first of a tenant is its default, and one that is to be the default takes its place. */
export function createPolicy(deps: OrchestratorDeps): BoundRoute {
  return bind(ROUTES.createPolicy, async (request) => {
    const errors = ruleProblems(request.body.rules);
    if (errors.length > 0) throw appError('validation_failed', { errors });
    const scope = deps.store.forTenant(request.caller.tenantId);
    return await answerOnce({ scope, claim: request.idempotency }, async (tx) => {
      const policy = policyOf(deps, request, await hasDefaultPolicy(tx, request.caller.tenantId));
      if (policy.is_default) await dropDefault(tx, policy);
      await insertPolicy(tx, policy).catch(refuseRival);
      await tell(deps, tx, { request, policy });
      return { status: 201, body: showPolicy(policy), headers: { Location: `/v1/policies/${policy.id}` } };
    });
  });
}

function policyOf(
  { newId, clock }: OrchestratorDeps,
  { body, caller }: Request,
  hasDefault: boolean,
): StoredPolicy {
  return {
    id: newId(),
    tenant_id: caller.tenantId,
    name: body.name,
    description: body.description ?? null,
    version: 1,
    is_active: true,
    is_default: body.isDefault ?? !hasDefault,
    rules: body.rules,
    created_by: caller.userId,
    created_at: clock(),
  };
}

/** Two that are to be the default at the same moment: one is. */
function refuseRival(error: unknown): never {
  if (isUniqueViolation(error, 'policies_default'))
    throw appError('version_conflict', { retry: 'later', cause: error });
  throw error;
}

async function tell(
  { outbox, events }: OrchestratorDeps,
  tx: Tx,
  { request, policy }: { readonly request: Request; readonly policy: StoredPolicy },
): Promise<void> {
  const { id, name, version, is_active: isActive, is_default: isDefault } = policy;
  const place = { tenantId: request.caller.tenantId, subject: id, version };
  const data = { policy: { id, name, version, isActive, isDefault } };
  await outbox.add(tx, [events.event('policy.created', { ...place, cause: causeOfRequest(request), data })]);
}
