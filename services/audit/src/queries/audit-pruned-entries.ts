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
    `INSERT INTO audit_pruned_entries (tenant_id, id, sequence, event_id, certificate_id)
     SELECT :tenantId, id, sequence, event_id, certificate_id
     FROM unnest(:ids::UUID[], :sequences::INT8[], :eventIds::UUID[], :certificateIds::UUID[])
       AS n (id, sequence, event_id, certificate_id)`,
    {
      tenantId,
      ids: entries.map(({ id }) => id),
      sequences: entries.map(({ sequence }) => sequence.toString()),
      eventIds: entries.map(({ event_id }) => event_id),
      certificateIds: entries.map(({ certificate_id }) => certificate_id),
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
