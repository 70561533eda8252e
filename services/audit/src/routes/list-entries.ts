import { appError, ROUTES } from '@ironforge/contracts';
import { answerPage, type BoundRoute, bind } from '@ironforge/service-kit';
import type { Store } from '@ironforge/store';
import { findEntries, type ShownEntry } from '../queries/audit-entries.ts';
import { showEntry } from './show-entry.ts';

/** `GET /v1/audit/entries`: the tenant's entries by number, ascending. */
export function listEntries({ store }: { readonly store: Store }): BoundRoute {
  return bind(ROUTES.listAuditEntries, async ({ caller: { tenantId }, query }) => {
    const { cursor, limit, ...filter } = query;
    const page = { filter, after: sequenceOf(cursor), limit: limit + 1 };
    const rows = await store.forTenant(tenantId).transaction((tx) => findEntries(tx, tenantId, page));
    return answerPage({ query, rows, cursorOf, show: showEntry });
  });
}

/** The number after which a page begins, by its opaque cursor; 0 for the first page. */
function sequenceOf(cursor: string | undefined): bigint {
  if (cursor === undefined) return 0n;
  const text = Buffer.from(cursor, 'base64url').toString('latin1');
  if (/^[1-9][0-9]{0,17}$/.test(text)) return BigInt(text);
  throw appError('validation_failed', { errors: [{ pointer: '/query/cursor', code: 'invalid_value' }] });
}

function cursorOf({ sequence }: ShownEntry): string {
  return Buffer.from(String(sequence), 'latin1').toString('base64url');
}
