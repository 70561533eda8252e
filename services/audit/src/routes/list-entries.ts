import { ROUTES } from '@ironforge/contracts';
import { answerPage, type BoundRoute, bind } from '@ironforge/service-kit';
import { searchEntries } from '../search/search-entries.ts';
import { termsFor } from '../search/terms-for.ts';
import { cursorAt } from './place-cursor.ts';
import { type LogPlace, readSpan } from './read-span.ts';
import { showEntry } from './show-entry.ts';

/** `GET /v1/audit/entries`: the tenant's entries by number, ascending. */
export function listEntries(place: LogPlace): BoundRoute {
  return bind(ROUTES.listAuditEntries, async ({ caller: { tenantId }, query }) => {
    const { cursor, limit, asOf, q, address, ...filter } = query;
    const terms = termsFor({ q, address }, filter);
    const { span, shown } = await readSpan(place, tenantId, { cursor, asOf });
    const search = { filter, terms, span, limit: limit + 1 };
    const rows = await searchEntries(place.store, tenantId, search);
    const cursorOf = ({ sequence }: (typeof rows)[number]) => cursorAt(sequence);
    return answerPage({ query, rows, cursorOf, show: showEntry, beside: { asOf: shown } });
  });
}
