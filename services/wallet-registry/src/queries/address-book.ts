import type { DestinationKind } from '@ironforge/contracts';
import type { TenantId } from '@ironforge/kernel';
import type { AddressBookRow } from '@ironforge/schema';
import type { RowPlace } from '@ironforge/service-kit';
import type { Tx } from '@ironforge/store';

const COLUMNS = [
  'id',
  'tenant_id',
  'kind',
  'chain_id',
  'address',
  'label',
  'tags',
  'user_id',
  'created_by',
  'verified_by',
  'removed_by',
  'version',
  'created_at',
  'updated_at',
] as const;

/**
 * What somebody asked for a day ago is not wanted any more: the second person must mean the same request. Nothing else changes a blocked
 * entry, so its last change is that request.
 */
const REMOVAL_ASKED_BY = `CASE WHEN updated_at > now() - INTERVAL '24 hours' THEN removal_asked_by END AS removal_asked_by`;

/** An entry as the registry reads it. */
export type Entry = Pick<AddressBookRow, (typeof COLUMNS)[number] | 'removal_asked_by'>;

/** Stores an entry; false when the book has it already. */
export async function insertEntry(tx: Tx, entry: Entry): Promise<boolean> {
  const rows = await tx<AddressBookRow>('address_book').insert(entry).onConflict().ignore().returning('id');
  return rows.length === 1;
}

/** An entry of the tenant, or one's own, locked until the transaction ends. */
export async function lockEntry(
  tx: Tx,
  tenantId: TenantId,
  { id, userId }: { readonly id: string; readonly userId: string },
): Promise<Entry | undefined> {
  return await tx<AddressBookRow>('address_book')
    .first<Entry | undefined>(...COLUMNS, tx.raw(REMOVAL_ASKED_BY))
    .where({ tenant_id: tenantId, id, removed_by: null })
    .whereRaw('(user_id IS NULL OR user_id = ?)', [userId])
    .forUpdate();
}

/** Changes an entry that is locked, and gives it as it is now. */
export async function updateEntry(
  tx: Tx,
  entry: Entry,
  change: Partial<Pick<Entry, 'verified_by' | 'removal_asked_by' | 'removed_by'>> & Pick<Entry, 'updated_at'>,
): Promise<Entry> {
  await tx<AddressBookRow>('address_book')
    .where({ tenant_id: entry.tenant_id, id: entry.id })
    .update({ ...change, version: entry.version + 1 });
  return { ...entry, ...change, version: entry.version + 1 };
}

/** What a list of entries asks for. */
export interface EntryFilter {
  readonly userId: string;
  readonly kind: string | undefined;
  readonly after: RowPlace | null;
  readonly count: number;
}

/** The entries of the tenant and one's own, newest first. */
export async function listEntries(tx: Tx, tenantId: TenantId, filter: EntryFilter): Promise<Entry[]> {
  const query = tx<AddressBookRow>('address_book')
    .select<Entry[]>(...COLUMNS, tx.raw(REMOVAL_ASKED_BY))
    .where({ tenant_id: tenantId, removed_by: null })
    .whereRaw('(user_id IS NULL OR user_id = ?)', [filter.userId]);
  if (filter.kind !== undefined) void query.where({ kind: filter.kind });
  if (filter.after !== null)
    void query.whereRaw('(created_at, id) < (?, ?)', [filter.after.createdAt, filter.after.id]);
  return await query.orderByRaw('created_at DESC, id DESC').limit(filter.count);
}

/** Which addresses, in canonical form, are looked for. */
export interface AddressQuestion {
  readonly chainId: string;
  readonly addresses: readonly string[];
  readonly initiatorIds: readonly string[];
}

/** What the tenant knows about these addresses. */
export async function findKnown(
  tx: Tx,
  tenantId: TenantId,
  question: AddressQuestion,
): Promise<{ readonly address: string; readonly kind: DestinationKind }[]> {
  const { rows } = await tx.raw<{ rows: { address: string; kind: DestinationKind }[] }>(FIND_KNOWN, {
    tenantId,
    chainId: question.chainId,
    addresses: [...question.addresses],
    initiatorIds: [...question.initiatorIds],
  });
  return rows;
}

/** Whoever holds an address holds it on every chain, so a blocked one counts on all of them. */
const FIND_KNOWN = `
  SELECT address, 'blocked' AS kind FROM address_book
  WHERE tenant_id = :tenantId AND address = ANY(:addresses) AND kind = 'blocked' AND removed_by IS NULL
  UNION
  SELECT address, 'address_book' FROM address_book
  WHERE tenant_id = :tenantId AND address = ANY(:addresses) AND kind = 'payee' AND removed_by IS NULL
    AND chain_id = :chainId AND user_id IS NULL AND verified_by IS NOT NULL
  UNION
  SELECT address, 'own_wallet' FROM wallets
  WHERE tenant_id = :tenantId AND address = ANY(:addresses) AND chain_id = :chainId AND status = 'active'
    AND NOT user_id = ANY(CAST(:initiatorIds AS UUID[]))`;
