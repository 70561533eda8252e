import { appError, ROUTES } from '@ironforge/contracts';
import { type BoundRoute, bind } from '@ironforge/service-kit';
import type { OrchestratorDeps } from '../deps.ts';
import { ruleProblems } from '../policies/rule-problems.ts';
import { findPolicy, type PolicyInForce } from '../queries/policies.ts';
import { simulateHistory } from '../simulations/history.ts';
import { simulateMadeUp, type SimulationRequest } from '../simulations/made-up.ts';

/** What a policy, or other rules in its place, would say; nothing is reserved or changed. */
export function simulatePolicy(deps: OrchestratorDeps): BoundRoute {
  return bind(ROUTES.simulatePolicy, async (request) => {
    const { body, caller } = request;
    const policy = await policyOf(deps, request);
    if (!('last' in body))
      return { status: 200, body: { data: await simulateMadeUp(deps, policy, { request, body }) } };
    if (!caller.permissions.includes('transactions:read'))
      return appError('permission_denied', { detail: 'past requests need transactions:read' });
    return { status: 200, body: { data: await simulateHistory(deps, policy, { request, last: body.last }) } };
  });
}

/** The policy, with other rules where some are given. Throws `not_found`, `validation_failed`. */
async function policyOf(
  { store }: OrchestratorDeps,
  { body, caller: { tenantId }, params }: SimulationRequest,
): Promise<PolicyInForce> {
  const errors = ruleProblems(body.rules ?? []);
  if (errors.length > 0) throw appError('validation_failed', { errors });
  const policy = await store
    .forTenant(tenantId)
    .transaction((tx) => findPolicy(tx, tenantId, params.id), { isolation: 'read committed' });
  if (policy === undefined) throw appError('not_found');
  return { id: policy.id, version: policy.version, rules: body.rules ?? policy.rules };
}
