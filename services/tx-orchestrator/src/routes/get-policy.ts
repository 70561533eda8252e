import { appError, ROUTES } from '@ironforge/contracts';
import { type BoundRoute, bind } from '@ironforge/service-kit';
import type { OrchestratorDeps } from '../deps.ts';
import { answerPolicy } from '../policies/show-policy.ts';
import { findPolicy } from '../queries/policies.ts';

/** One policy in the version in force. */
export function getPolicy({ store }: OrchestratorDeps): BoundRoute {
  return bind(ROUTES.getPolicy, async ({ caller, params }) => {
    const policy = await store
      .forTenant(caller.tenantId)
      .transaction((tx) => findPolicy(tx, caller.tenantId, params.id), { isolation: 'read committed' });
    return policy === undefined ? appError('not_found') : answerPolicy(policy);
  });
}
