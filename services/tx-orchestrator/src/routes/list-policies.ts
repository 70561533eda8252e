import { ROUTES } from '@ironforge/contracts';
import { answerPage, type BoundRoute, bind, cursorOfRow, readCursor } from '@ironforge/service-kit';
import type { OrchestratorDeps } from '../deps.ts';
import { showPolicy } from '../policies/show-policy.ts';
import { listPolicies as selectPolicies, type StoredPolicy } from '../queries/policies.ts';

/** The policies of the tenant. */
export function listPolicies({ store }: OrchestratorDeps): BoundRoute {
  return bind(ROUTES.listPolicies, async ({ query, caller }) => {
    const filter = { after: readCursor(query.cursor), count: query.limit + 1 };
    const rows = await store
      .forTenant(caller.tenantId)
      .transaction((tx) => selectPolicies(tx, caller.tenantId, filter), { isolation: 'read committed' });
    const cursorOf = (policy: StoredPolicy) => cursorOfRow({ createdAt: policy.created_at, id: policy.id });
    return answerPage({ query, rows, cursorOf, show: showPolicy });
  });
}
