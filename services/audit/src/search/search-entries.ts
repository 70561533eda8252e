import type { TenantId } from '@ironforge/kernel';
import type { Store } from '@ironforge/store';
import type { ShownEntry } from '../queries/audit-entries.ts';
import { type EntrySearch, findEntries, findEntriesAt, findNumbers } from '../queries/entry-search.ts';

/**
 * One page of a search. What an index has in order is read by it. For words the next few entries are looked through, since a common
 * word fills a page there; when it does not, it is not common, and all that have it are found by the index of words. So a
 * search costs as much as those few entries and its hits, however long the log is, and whatever the database believes of it.
 */
export async function searchEntries(
  store: Store,
  tenantId: TenantId,
  search: EntrySearch,
): Promise<ShownEntry[]> {
  const scope = store.forTenant(tenantId);
  if (search.terms.length === 0) return await scope.read((tx) => findEntries(tx, tenantId, search));
  const near = await scope.read((tx) => findEntries(tx, tenantId, nearOf(search)));
  if (near.length >= search.limit) return near;
  const numbers = await store.system('audit_search').read((tx) => findNumbers(tx, tenantId, search));
  return await scope.read((tx) => findEntriesAt(tx, tenantId, { search, numbers }));
}

/** Read in some ten milliseconds; a page of 50 is filled by what every fortieth entry has. */
const NEAR_ENTRIES = 2_000n;

function nearOf(search: EntrySearch): EntrySearch {
  const { after, upTo } = search.span;
  const end = after + NEAR_ENTRIES;
  return { ...search, span: { after, upTo: end < upTo ? end : upTo } };
}
