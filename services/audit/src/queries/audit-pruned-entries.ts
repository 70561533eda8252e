import type { TenantId } from '@ironforge/kernel';
import type { AuditPrunedEntryRow } from '@ironforge/schema';
import type { Tx } from '@ironforge/store';

/** What is left of a pruned entry. */
export type PrunedEntry = Omit<AuditPrunedEntryRow, 'tenant_id'>;

/** Notes that entries were pruned, and by which certificate. */
export async function insertPruned(
  tx: Tx,
  tenantId: TenantId,
  entries: readonly PrunedEntry[],
): Promise<void> {
  await tx.raw(
    `INSERT INTO audit_pruned_entries (tenant_id, id, sequence, event_id, certificate_id, transfer)
     SELECT :tenantId, id, sequence, event_id, certificate_id, transfer
     FROM unnest(:ids::UUID[], :sequences::INT8[], :eventIds::UUID[], :certificateIds::UUID[], :transfers::TEXT[])
       AS n (id, sequence, event_id, certificate_id, transfer)`,
    {
      tenantId,
      ids: entries.map(({ id }) => id),
      sequences: entries.map(({ sequence }) => sequence.toString()),
      eventIds: entries.map(({ event_id }) => event_id),
      certificateIds: entries.map(({ certificate_id }) => certificate_id),
      transfers: entries.map(({ transfer }) => transfer),
    },
  );
}

/** The certificate of a pruned entry; undefined for what was not pruned. */
export async function findCertificateOf(tx: Tx, tenantId: TenantId, id: string): Promise<string | undefined> {
  const row = await tx('audit_pruned_entries')
    .first<Pick<PrunedEntry, 'certificate_id'> | undefined>('certificate_id')
    .where({ tenant_id: tenantId, id });
  return row?.certificate_id;
}

/** The numbers between two, both included, whose entries were pruned, each with its certificate. */
export async function prunedNumbers(
  tx: Tx,
  tenantId: TenantId,
  { first, last }: { readonly first: number; readonly last: number },
): Promise<ReadonlyMap<number, string>> {
  const rows = await tx('audit_pruned_entries')
    .select<Pick<PrunedEntry, 'sequence' | 'certificate_id'>[]>('sequence', 'certificate_id')
    .where({ tenant_id: tenantId })
    .whereBetween('sequence', [first, last]);
  return new Map(rows.map(({ sequence, certificate_id: id }) => [Number(sequence), id]));
}

/** A pruned entry, and of which transfer it told. */
export type PrunedTransfer = Pick<PrunedEntry, 'id' | 'sequence' | 'certificate_id'> & {
  readonly transfer: string;
};

/** The pruned entries that told of these transfers, by what their rows say. */
export async function prunedTellingOf(
  tx: Tx,
  tenantId: TenantId,
  transfers: readonly string[],
): Promise<PrunedTransfer[]> {
  const { rows } = await tx.raw<{ rows: PrunedTransfer[] }>(
    `SELECT id, sequence, certificate_id, transfer FROM audit_pruned_entries
     WHERE tenant_id = :tenantId AND transfer = ANY(:transfers::TEXT[]) AND transfer IS NOT NULL ORDER BY sequence`,
    { tenantId, transfers: [...transfers] },
  );
  return rows;
}

/** The pruned entries of these certificates that told of a transfer, by what their rows say; ascending by number. */
export async function transfersPrunedBy(
  tx: Tx,
  tenantId: TenantId,
  certificateIds: readonly string[],
): Promise<PrunedTransfer[]> {
  const { rows } = await tx.raw<{ rows: PrunedTransfer[] }>(
    `SELECT id, sequence, certificate_id, transfer FROM audit_pruned_entries
     WHERE tenant_id = :tenantId AND certificate_id = ANY(:certificateIds::UUID[]) AND transfer IS NOT NULL
     ORDER BY sequence`,
    { tenantId, certificateIds: [...certificateIds] },
  );
  return rows;
}

/** Which of these events, of one tenant or several, became entries that were pruned. */
export async function prunedEvents(
  tx: Tx,
  events: readonly { readonly tenantId: TenantId; readonly eventId: string }[],
): Promise<ReadonlySet<string>> {
  if (events.length === 0) return new Set();
  const { rows } = await tx.raw<{ rows: Pick<PrunedEntry, 'event_id'>[] }>(
    `SELECT p.event_id FROM unnest(:tenantIds::UUID[], :eventIds::UUID[]) AS e (tenant_id, event_id)
     JOIN audit_pruned_entries p ON p.tenant_id = e.tenant_id AND p.event_id = e.event_id`,
    { tenantIds: events.map(({ tenantId }) => tenantId), eventIds: events.map(({ eventId }) => eventId) },
  );
  return new Set(rows.map(({ event_id }) => event_id));
}
