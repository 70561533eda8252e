import { appError, ROUTES } from '@ironforge/contracts';
import { bind, type BoundRoute } from '@ironforge/service-kit';
import type { Store } from '@ironforge/store';
import { proveConsistency } from '../prove/prove-consistency.ts';
import { findCheckpoint } from '../queries/audit-checkpoints.ts';

/** `GET /v1/audit/checkpoints/{size}/consistency?from=`: the proof that the tenant's log only grew between two sizes. */
export function getConsistency({ store }: { readonly store: Store }): BoundRoute {
  return bind(
    ROUTES.getAuditConsistency,
    async ({ caller: { tenantId }, params: { size }, query: { from } }) => {
      if (from > size)
        return appError('validation_failed', { errors: [{ pointer: '/query/from', code: 'too_big' }] });
      return await store.forTenant(tenantId).transaction(async (tx) => {
        const checkpoint = await findCheckpoint(tx, tenantId, size);
        if (checkpoint === undefined) return appError('not_found', { detail: 'no checkpoint has that size' });
        return { status: 200, body: await proveConsistency(tx, tenantId, { from, to: size }) };
      });
    },
  );
}
