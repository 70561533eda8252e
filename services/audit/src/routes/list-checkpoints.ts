import { ROUTES } from '@ironforge/contracts';
import { answerPage, bind, type BoundRoute } from '@ironforge/service-kit';
import type { Store } from '@ironforge/store';
import { listCheckpoints as findCheckpoints } from '../queries/audit-checkpoints.ts';
import { cursorAt, placeOf } from './place-cursor.ts';
import { showCheckpoint } from './show-checkpoint.ts';

/** `GET /v1/audit/checkpoints`: what the tenant's log has signed, by size, ascending. */
export function listCheckpoints({ store }: { readonly store: Store }): BoundRoute {
  return bind(ROUTES.listAuditCheckpoints, async ({ caller: { tenantId }, query }) => {
    const page = { after: placeOf(query.cursor), limit: query.limit + 1 };
    const rows = await store.forTenant(tenantId).read((tx) => findCheckpoints(tx, tenantId, page));
    return answerPage({ query, rows, cursorOf: ({ size }) => cursorAt(size), show: showCheckpoint });
  });
}
