import { ROUTES } from '@ironforge/contracts';
import { answerPage, bind, type BoundRoute, cursorOfRow, readCursor } from '@ironforge/service-kit';
import type { Store } from '@ironforge/store';
import { showHold } from '../keep/show-hold.ts';
import { listHolds as findHolds, type StoredHold } from '../queries/legal-holds.ts';

/** `GET /v1/audit/holds`: the tenant's legal holds, newest first, released ones too. */
export function listHolds({ store }: { readonly store: Store }): BoundRoute {
  return bind(ROUTES.listLegalHolds, async ({ caller: { tenantId }, query }) => {
    const page = { after: readCursor(query.cursor), count: query.limit + 1 };
    const rows = await store.forTenant(tenantId).read((tx) => findHolds(tx, tenantId, page));
    return answerPage({ query, rows, cursorOf, show: showHold });
  });
}

function cursorOf({ placed_at: createdAt, id }: StoredHold): string {
  return cursorOfRow({ createdAt, id });
}
