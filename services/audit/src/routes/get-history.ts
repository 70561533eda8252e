import { appError, ROUTES } from '@ironforge/contracts';
import { answerPage, type BoundRoute, bind } from '@ironforge/service-kit';
import { historyOf } from '../search/find-history.ts';
import { cursorAt } from './place-cursor.ts';
import { type LogPlace, readSpan } from './read-span.ts';
import { showEntry } from './show-entry.ts';

/** `GET /v1/audit/history/{kind}/{id}`: what happened to a resource, ascending, and what it was at the moment that was asked for. */
export function getHistory(place: LogPlace): BoundRoute {
  return bind(ROUTES.getAuditHistory, async ({ caller: { tenantId }, params, query }) => {
    const { span, shown } = await readSpan(place, tenantId, query);
    const wanted = { ...params, span, limit: query.limit + 1 };
    const found = await historyOf(place.store, tenantId, wanted);
    if (found === undefined) return appError('not_found');
    return answerPage({
      query,
      rows: found.rows,
      cursorOf: ({ sequence }) => cursorAt(sequence),
      show: showEntry,
      beside: { asOf: shown, state: found.state },
    });
  });
}
