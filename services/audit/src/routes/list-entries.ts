import { ROUTES } from '@ironforge/contracts';
import { answerPage, type BoundRoute, bind } from '@ironforge/service-kit';
import type { Store } from '@ironforge/store';
import { findEntries } from '../queries/audit-entries.ts';
import { cursorAt, placeOf } from './place-cursor.ts';
import { showEntry } from './show-entry.ts';

/** `GET /v1/audit/entries`: the tenant's entries by number, ascending. */
export function listEntries({ store }: { readonly store: Store }): BoundRoute {
  return bind(ROUTES.listAuditEntries, async ({ caller: { tenantId }, query }) => {
    const { cursor, limit, ...filter } = query;
    const page = { filter, after: placeOf(cursor), limit: limit + 1 };
    const rows = await store.forTenant(tenantId).read((tx) => findEntries(tx, tenantId, page));
    return answerPage({ query, rows, cursorOf: ({ sequence }) => cursorAt(sequence), show: showEntry });
  });
}
