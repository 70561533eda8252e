import { ROUTES } from '@ironforge/contracts';
import { answerPage, bind, type BoundRoute } from '@ironforge/service-kit';
import type { Store } from '@ironforge/store';
import { showCertificate } from '../keep/show-certificate.ts';
import { findEntries } from '../queries/audit-entries.ts';
import { cursorAt, placeOf } from './place-cursor.ts';

/** `GET /v1/audit/deletion-certificates`: what of the tenant's log was pruned, by the number of the certificate, ascending. */
export function listCertificates({ store }: { readonly store: Store }): BoundRoute {
  return bind(ROUTES.listDeletionCertificates, async ({ caller: { tenantId }, query }) => {
    const filter = { type: 'entries_pruned' };
    const page = { filter, after: placeOf(query.cursor), limit: query.limit + 1 };
    const rows = await store.forTenant(tenantId).read((tx) => findEntries(tx, tenantId, page));
    return answerPage({ query, rows, cursorOf: ({ sequence }) => cursorAt(sequence), show: showCertificate });
  });
}
