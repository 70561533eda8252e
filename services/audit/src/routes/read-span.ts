import type { TenantId } from '@ironforge/kernel';
import type { Store } from '@ironforge/store';
import type { Span } from '../queries/entry-search.ts';
import { sealedBy } from '../search/as-of.ts';
import { placeOf } from './place-cursor.ts';
import { showSealedBy } from './show-sealed-by.ts';

/** Where the log is, and the database of immudb's that it is copied into; null where there is none. */
export interface LogPlace {
  readonly store: Store;
  readonly database: string | null;
}

/** What a page may reach from its cursor on, and what the answer says of it: null where nobody asked for a moment. */
export interface ReadSpan {
  readonly span: Span;
  readonly shown: ReturnType<typeof showSealedBy> | null;
}

/** The entries that a query of a page may reach. Throws `validation_failed` for a cursor or a moment that is none. */
export async function readSpan(
  { store, database }: LogPlace,
  tenantId: TenantId,
  { cursor, asOf }: { readonly cursor?: string | undefined; readonly asOf?: string | undefined },
): Promise<ReadSpan> {
  const after = placeOf(cursor);
  if (asOf === undefined) return { span: { after, upTo: NO_END }, shown: null };
  const sealed = await store
    .forTenant(tenantId)
    .transaction((tx) => sealedBy(tx, tenantId, { asOf, database }));
  return { span: { after, upTo: sealed.sequence }, shown: showSealedBy(sealed) };
}

/** No number is above it (RFC 8785: whole numbers are exact up to here). */
const NO_END = BigInt(Number.MAX_SAFE_INTEGER);
