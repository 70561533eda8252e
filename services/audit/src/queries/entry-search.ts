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
  return await byNumber(tx, tenantId, search).select<ShownEntry[]>(SHOWN).limit(search.limit);
}

/**
 * The numbers of the first entries of a search, of all that it finds by its terms, the tenant's id among them. All else stays outside of what is
 * materialized, so that no engine reads anything but the index of words, whatever it believes of them. Asked in the
 * system's role (ADR 0055): numbers are nobody's secret, and what they stand for is read behind the tenant's wall.
 */
export async function findNumbers(tx: Tx, tenantId: TenantId, search: EntrySearch): Promise<bigint[]> {
  const { terms, limit } = search;
  const hits = tx('audit_entries')
    .select(FILTERED)
    .whereNotNull('sequence')
    .whereRaw('search_terms @> ?::TEXT[]', [[tenantId, ...terms]]);
  const query = tx
    .withMaterialized('hits', hits)
    .select<{ sequence: bigint }[]>('sequence')
    .from('hits')
    .where((all) => {
      for (const condition of conditions(tenantId, search)) void all.where(...condition);
    })
    .orderBy('sequence')
    .limit(limit);
  return (await query).map(({ sequence }) => sequence);
}

/** The entries of a search that have these numbers, ascending. */
export async function findEntriesAt(
  tx: Tx,
  tenantId: TenantId,
  { search, numbers }: { readonly search: EntrySearch; readonly numbers: readonly bigint[] },
): Promise<ShownEntry[]> {
  return await byNumber(tx, tenantId, search)
    .select<ShownEntry[]>(SHOWN)
    .whereIn(
      'sequence',
      numbers.map((number) => number.toString()),
    );
}

/** Number and canonical text of what a search finds in its span, ascending. */
export async function findTexts(
  tx: Tx,
  tenantId: TenantId,
  search: Omit<EntrySearch, 'limit'>,
): Promise<{ readonly sequence: bigint; readonly canonical: string }[]> {
  return await byNumber(tx, tenantId, search).select<{ sequence: bigint; canonical: string }[]>(
    'sequence',
    'canonical',
  );
}

/** `IS TRUE`: no index answers that, so that what is asked for by number is read by number. */
function byNumber(tx: Tx, tenantId: TenantId, search: Omit<EntrySearch, 'limit'>) {
  const { terms } = search;
  const query = tx('audit_entries')
    .where((all) => {
      for (const condition of conditions(tenantId, search)) void all.where(...condition);
    })
    .orderBy('sequence');
  return terms.length === 0 ? query : query.whereRaw('(search_terms @> ?::TEXT[]) IS TRUE', [[...terms]]);
}

type Condition = readonly [column: string, operator: '=' | '>' | '<=' | '>=' | '<', value: string];

/** All but the terms. */
function conditions(tenantId: TenantId, { span, filter }: Omit<EntrySearch, 'limit'>): Condition[] {
  const { from, to } = filter;
  return [
    ['tenant_id', '=', tenantId],
    ['sequence', '>', span.after.toString()],
    ['sequence', '<=', span.upTo.toString()],
    ...equalities(filter),
    ...(from === undefined ? [] : [['occurred_at', '>=', from] as const]),
    ...(to === undefined ? [] : [['occurred_at', '<', to] as const]),
  ];
}

const FILTERED = [
  'tenant_id',
  'sequence',
  'type',
  'action',
  'resource_type',
  'resource_id',
  'actor_type',
  'actor_id',
  'status',
  'chain_id',
  'tx_hash',
  'request_id',
  'occurred_at',
] as const;

function equalities(filter: EntryFilter): Condition[] {
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
  return Object.entries(columns).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, '=', value] as const],
  );
}
