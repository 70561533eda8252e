import { ROUTES } from '@ironforge/contracts';
import { answerPage, bind, type BoundRoute } from '@ironforge/service-kit';
import { showCertificate } from '../keep/show-certificate.ts';
import { findEntries } from '../queries/entry-search.ts';
import { cursorAt } from './place-cursor.ts';
import { type LogPlace, readSpan } from './read-span.ts';

/** `GET /v1/audit/deletion-certificates`: what of the tenant's log was pruned, by the number of the certificate, ascending. */
export function listCertificates(place: LogPlace): BoundRoute {
  return bind(ROUTES.listDeletionCertificates, async ({ caller: { tenantId }, query }) => {
    const { span } = await readSpan(place, tenantId, { cursor: query.cursor });
    const search = { filter: { type: 'entries_pruned' }, terms: [], span, limit: query.limit + 1 };
    const rows = await place.store.forTenant(tenantId).read((tx) => findEntries(tx, tenantId, search));
    return answerPage({ query, rows, cursorOf: ({ sequence }) => cursorAt(sequence), show: showCertificate });
  });
}
