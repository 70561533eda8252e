import type { TenantId } from '@ironforge/kernel';
import type { AuditEntryRow } from '@ironforge/schema';
import type { Tx } from '@ironforge/store';
import type { Entry } from '../entry/entry.ts';

/** Stores entries without a number; one whose event is stored already is left alone. */
export async function insertEntries(tx: Tx, entries: readonly Entry[]): Promise<void> {
  await insertion(tx, entries);
}

/** The same, travelling with what comes next: nobody learns of it before then. */
export function sendEntries(tx: Tx, entries: readonly Entry[]): void {
  if (entries.length > 0) tx.send(insertion(tx, entries));
}

function insertion(tx: Tx, entries: readonly Entry[]) {
  return tx('audit_entries').insert(entries.map(toRow)).onConflict(['tenant_id', 'event_id']).ignore();
}

/** Number and canonical text of one entry, and the words by which it is found. */
export interface Numbering {
  readonly id: string;
  readonly sequence: number;
  readonly canonical: string;
  readonly terms: readonly string[];
}

/** Gives entries their numbers, for good. */
export async function numberEntries(
  tx: Tx,
  tenantId: TenantId,
  numberings: readonly Numbering[],
): Promise<number> {
  const { rowCount } = await tx.raw<{ rowCount: number }>(
    `UPDATE audit_entries e
     SET sequence = n.sequence, canonical = n.canonical, search_terms = string_to_array(n.terms, ' ')
     FROM unnest(:ids::UUID[], :sequences::INT8[], :texts::TEXT[], :terms::TEXT[]) AS n (id, sequence, canonical, terms)
     WHERE e.tenant_id = :tenantId AND e.id = n.id AND e.sequence IS NULL`,
    {
      tenantId,
      ids: numberings.map(({ id }) => id),
      sequences: numberings.map(({ sequence }) => sequence),
      texts: numberings.map(({ canonical }) => canonical),
      terms: numberings.map(({ terms }) => terms.join(' ')),
    },
  );
  return rowCount;
}

/** A sealed entry as its leaf is made of it. */
export interface SealedText {
  readonly sequence: bigint;
  readonly type: string;
  readonly canonical: string;
}

/** Number, type and canonical text of an entry that is sealed; undefined for any other. */
export async function findSealedText(
  tx: Tx,
  tenantId: TenantId,
  id: string,
): Promise<SealedText | undefined> {
  const { rows } = await tx.raw<{ rows: SealedText[] }>(
    `SELECT e.sequence, e.type, e.canonical FROM audit_entries e
     JOIN audit_sequencers s ON s.tenant_id = e.tenant_id
     WHERE e.tenant_id = :tenantId AND e.id = :id AND e.sequence <= s.sealed_size`,
    { tenantId, id },
  );
  return rows[0];
}

/** A certificate as it is stored; without a number and a text until it is numbered. */
export interface CertificateText {
  readonly id: string;
  readonly sequence: bigint | null;
  readonly canonical: string | null;
}

/** The stored certificates of these ids. */
export async function findCertificateTexts(
  tx: Tx,
  tenantId: TenantId,
  ids: readonly string[],
): Promise<CertificateText[]> {
  return await tx('audit_entries')
    .select<CertificateText[]>('id', 'sequence', 'canonical')
    .where({ tenant_id: tenantId, type: 'entries_pruned' })
    .whereRaw('id = ANY (?::UUID[])', [[...ids]]);
}

/** The canonical texts of the numbers after this one, in their order. */
export async function canonicalTextsAfter(
  tx: Tx,
  tenantId: TenantId,
  page: { readonly after: bigint; readonly limit: number },
): Promise<string[]> {
  const rows = await tx('audit_entries')
    .select<{ canonical: string }[]>('canonical')
    .where({ tenant_id: tenantId })
    .where('sequence', '>', page.after.toString())
    .orderBy('sequence')
    .limit(page.limit);
  return rows.map(({ canonical }) => canonical);
}

/** A numbered entry as it is copied. */
export type EntryToCopy = Pick<AuditEntryRow, 'type' | 'created_at'> & {
  readonly sequence: bigint;
  readonly canonical: string;
};

/** The numbered entries after a number and up to another, as far as they are there. */
export async function entriesToCopy(
  tx: Tx,
  tenantId: TenantId,
  { after, upTo }: { readonly after: bigint; readonly upTo: bigint },
): Promise<EntryToCopy[]> {
  return await tx('audit_entries')
    .select<EntryToCopy[]>('sequence', 'type', 'created_at', 'canonical')
    .where({ tenant_id: tenantId })
    .where('sequence', '>', after.toString())
    .where('sequence', '<=', upTo.toString())
    .orderBy('sequence');
}

/** Whether a tenant's log has told that it is not signed by this verifier key any more. */
export async function hasRetiredKey(tx: Tx, tenantId: TenantId, verifierKey: string): Promise<boolean> {
  const row = await tx('audit_entries')
    .first<{ id: string } | undefined>('id')
    .where({ tenant_id: tenantId, type: 'audit_signing_key_rotated' })
    .whereNotNull('sequence')
    .whereRaw("details->>'from' = ?", [verifierKey]);
  return row !== undefined;
}

/** A sealed entry as those who follow the log get it. */
export interface SealedEntry {
  readonly sequence: bigint;
  readonly event_id: string;
  readonly canonical: string;
  /** The size of the first checkpoint that covers it. */
  readonly sealed_in: bigint;
  /** The entry before it, of those that are left; the number that was asked after, for the first. */
  readonly follows: bigint;
}

/** The sealed entries after a number, in their order. */
export async function sealedAfter(
  tx: Tx,
  tenantId: TenantId,
  page: { readonly after: bigint; readonly limit: number },
): Promise<SealedEntry[]> {
  const { rows } = await tx.raw<{ rows: Omit<SealedEntry, 'follows'>[] }>(
    `SELECT e.sequence, e.event_id, e.canonical, (
       SELECT c.size FROM audit_checkpoints c
       WHERE c.tenant_id = e.tenant_id AND c.size >= e.sequence ORDER BY c.size LIMIT 1
     ) AS sealed_in
     FROM audit_entries e JOIN audit_sequencers s ON s.tenant_id = e.tenant_id
     WHERE e.tenant_id = :tenantId AND e.sequence > :after::INT8 AND e.sequence <= s.sealed_size
     ORDER BY e.sequence LIMIT :limit`,
    { tenantId, after: page.after.toString(), limit: page.limit },
  );
  return rows.map((row, index) => ({ ...row, follows: rows[index - 1]?.sequence ?? page.after }));
}

/** The number after which the entries up to another one have about so many bytes; 0 when all of them have fewer. */
export async function placeBeforeBytes(
  tx: Tx,
  tenantId: TenantId,
  { upTo, bytes }: { readonly upTo: bigint; readonly bytes: number },
): Promise<bigint> {
  const { rows } = await tx.raw<{ rows: { place: bigint }[] }>(
    `WITH last AS (
       SELECT sequence, octet_length(canonical) AS bytes FROM audit_entries
       WHERE tenant_id = :tenantId AND sequence <= :upTo::INT8 ORDER BY sequence DESC LIMIT :most
     ), summed AS (
       SELECT sequence, SUM(bytes) OVER (ORDER BY sequence DESC) AS total FROM last
     )
     SELECT COALESCE(MIN(sequence) - 1, :upTo::INT8)::INT8 AS place FROM summed WHERE total <= :bytes::INT8`,
    { tenantId, upTo: upTo.toString(), bytes, most: MOST_ENTRIES },
  );
  return rows[0]?.place ?? upTo;
}

/** However short they are, the look back ends there. */
const MOST_ENTRIES = 50_000;

/** The entries of one aggregate that have no number yet. */
export interface WaitingRow {
  readonly tenant_id: TenantId;
  readonly aggregate: string;
  readonly version: number;
  readonly entries: bigint;
  /** Since the oldest was stored. */
  readonly waited_seconds: bigint;
}

/** What waits for a number, of all tenants, per aggregate. */
export async function waitingAggregates(tx: Tx): Promise<WaitingRow[]> {
  const { rows } = await tx.raw<{ rows: WaitingRow[] }>(
    `SELECT tenant_id, aggregate, MIN(aggregate_version) AS version, COUNT(*) AS entries,
       EXTRACT(EPOCH FROM now() - MIN(created_at))::INT8 AS waited_seconds
     FROM audit_entries WHERE sequence IS NULL
     GROUP BY tenant_id, aggregate`,
  );
  return rows;
}

/** A numbered entry as the API shows it. */
export type ShownEntry = Pick<AuditEntryRow, (typeof SHOWN)[number]>;

/** One numbered entry, or undefined. */
export async function findEntry(tx: Tx, tenantId: TenantId, id: string): Promise<ShownEntry | undefined> {
  const rows = await tx('audit_entries')
    .select<ShownEntry[]>(SHOWN)
    .where({ tenant_id: tenantId, id })
    .whereNotNull('sequence');
  return rows[0];
}

/** The columns of an entry that the API shows. */
export const SHOWN = [
  'id',
  'tenant_id',
  'sequence',
  'event_id',
  'aggregate',
  'aggregate_version',
  'type',
  'resource_type',
  'resource_id',
  'action',
  'status',
  'actor_type',
  'actor_id',
  'authority',
  'request_id',
  'chain_id',
  'tx_hash',
  'occurred_at',
  'details',
  'personal',
] as const;

/** An entry as its row, without a number. */
export function toRow(entry: Entry) {
  return {
    id: entry.id,
    tenant_id: entry.tenantId,
    event_id: entry.eventId,
    aggregate: entry.aggregate,
    aggregate_version: entry.aggregateVersion,
    type: entry.type,
    resource_type: entry.resourceType,
    resource_id: entry.resourceId,
    action: entry.action,
    status: entry.status,
    actor_type: entry.actorType,
    actor_id: entry.actorId,
    authority: textOf(entry.authority),
    request_id: entry.requestId,
    chain_id: entry.chainId,
    tx_hash: entry.txHash,
    occurred_at: entry.occurredAt,
    details: JSON.stringify(entry.details),
    personal: textOf(entry.personal),
  };
}

function textOf(value: object | null): string | null {
  return value === null ? null : JSON.stringify(value);
}
