import { appError, ROUTES } from '@ironforge/contracts';
import { bind, type BoundRoute } from '@ironforge/service-kit';
import type { Store } from '@ironforge/store';
import { findNewestCheckpoint } from '../queries/audit-checkpoints.ts';
import type { LogSigners } from '../seal/log-signers.ts';
import { showCheckpoint } from './show-checkpoint.ts';

/** What the route stands on. */
export interface LatestDeps {
  readonly store: Store;
  readonly signers: Pick<LogSigners, 'verifierKeyOf'>;
}

/** `GET /v1/audit/checkpoints/latest`: the newest head of the tenant's log, and the key that verifies it. */
export function getLatestCheckpoint({ store, signers }: LatestDeps): BoundRoute {
  return bind(ROUTES.getLatestAuditCheckpoint, async ({ caller: { tenantId } }) => {
    const scope = store.forTenant(tenantId);
    const row = await scope.transaction((tx) => findNewestCheckpoint(tx, tenantId));
    if (row === undefined) return appError('not_found', { detail: 'nothing has been sealed yet' });
    return { status: 200, body: { ...showCheckpoint(row), verifierKey: signers.verifierKeyOf(tenantId) } };
  });
}
