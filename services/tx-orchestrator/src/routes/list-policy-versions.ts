import { appError, ROUTES } from '@ironforge/contracts';
import { answerPage, type BoundRoute, bind } from '@ironforge/service-kit';
import type { OrchestratorDeps } from '../deps.ts';
import { findPolicy, listVersions, type StoredVersion } from '../queries/policies.ts';
import { readVersionCursor, versionCursor } from './version-cursor.ts';

/** All versions of a policy, newest first. */
export function listPolicyVersions({ store }: OrchestratorDeps): BoundRoute {
  return bind(ROUTES.listPolicyVersions, async ({ query, params, caller }) => {
    const { tenantId } = caller;
    const filter = {
      policyId: params.id,
      beforeVersion: readVersionCursor(query.cursor),
      count: query.limit + 1,
    };
    const rows = await store.forTenant(tenantId).transaction(
      async (tx) => {
        const policy = await findPolicy(tx, tenantId, params.id);
        return policy === undefined ? null : await listVersions(tx, tenantId, filter);
      },
      { isolation: 'read committed' },
    );
    if (rows === null) return appError('not_found');
    return answerPage({ query, rows, cursorOf: versionCursor, show: showVersion });
  });
}

function showVersion({ version, rules, created_by, created_at }: StoredVersion) {
  return { version, rules, createdBy: created_by, createdAt: created_at.toISOString() };
}
