import type { TenantId } from '@ironforge/kernel';
import type { Tx } from '@ironforge/store';
import { SHOWN, type ShownEntry } from './audit-entries.ts';

/** What the columns of an entry have to be; absent means any. Times from (included) to (excluded). */
export interface EntryFilter {
  readonly type?: string | undefined;
  readonly action?: string | undefined;
  readonly resourceType?: string | undefined;
  readonly resourceId?: string | undefined;
  readonly actorType?: string | undefined;
  readonly actorId?: string | undefined;
  readonly status?: string | undefined;
  readonly chainId?: string | undefined;
  readonly txHash?: string | undefined;
  readonly requestId?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** Numbers above the first one, up to the second. */
export interface Span {
  readonly after: bigint;
  readonly upTo: bigint;
}

/** One page of a search: entries that have all these terms, and pass the filter. */
export interface EntrySearch {
  readonly filter: EntryFilter;
  readonly terms: readonly string[];
  readonly span: Span;
  readonly limit: number;
}

/** The numbered entries of a search, ascending, looked at one after the other: for what is found often, or in a short span. */
export async function findEntries(tx: Tx, tenantId: TenantId, search: EntrySearch): Promise<ShownEntry[]> {
  return await matching(tx, tenantId, search)
    .select<ShownEntry[]>(SHOWN)
    .orderBy('sequence')
    .limit(search.limit);
}

/**
 * The numbers of the first entries of a search, of all that it finds by its terms. Order and limit stay outside of what is materialized,
 * so that no engine walks through the whole log for the sake of them. Asked in the system's role (ADR 0055): numbers
 * are nobody's secret, and what they stand for is read behind the tenant's wall.
 */
export async function findNumbers(tx: Tx, tenantId: TenantId, search: EntrySearch): Promise<bigint[]> {
  const rows = await tx
    .withMaterialized('hits', matching(tx, tenantId, search).select('sequence'))
    .select<{ sequence: bigint }[]>('sequence')
    .from('hits')
    .orderBy('sequence')
    .limit(search.limit);
  return rows.map(({ sequence }) => sequence);
}

/** The entries of a search that have these numbers, ascending. */
export async function findEntriesAt(
  tx: Tx,
  tenantId: TenantId,
  { search, numbers }: { readonly search: EntrySearch; readonly numbers: readonly bigint[] },
): Promise<ShownEntry[]> {
  return await matching(tx, tenantId, search)
    .select<ShownEntry[]>(SHOWN)
    .whereIn(
      'sequence',
      numbers.map((number) => number.toString()),
    )
    .orderBy('sequence');
}

function matching(tx: Tx, tenantId: TenantId, { filter, terms, span }: EntrySearch) {
  const query = tx('audit_entries')
    .where({ tenant_id: tenantId, ...equalities(filter) })
    .where('sequence', '>', span.after.toString())
    .where('sequence', '<=', span.upTo.toString());
  if (terms.length > 0) void query.whereRaw('search_terms @> ?::TEXT[]', [[...terms]]);
  if (filter.from !== undefined) void query.where('occurred_at', '>=', filter.from);
  if (filter.to !== undefined) void query.where('occurred_at', '<', filter.to);
  return query;
}

function equalities(filter: EntryFilter): Record<string, string> {
  const columns = {
    type: filter.type,
    action: filter.action,
    resource_type: filter.resourceType,
    resource_id: filter.resourceId,
    actor_type: filter.actorType,
    actor_id: filter.actorId,
    status: filter.status,
    chain_id: filter.chainId,
    tx_hash: filter.txHash,
    request_id: filter.requestId,
  };
  return Object.fromEntries(
    Object.entries(columns).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
