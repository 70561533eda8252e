import type { TenantId } from '@ironforge/kernel';
import type { AuditCheckpointRow } from '@ironforge/schema';
import type { Tx } from '@ironforge/store';

/** A checkpoint as it was signed. */
export type StoredCheckpoint = Pick<AuditCheckpointRow, 'size' | 'note' | 'sealed_at'>;

const SHOWN = ['size', 'note', 'sealed_at'] as const;

/** Keeps what the log signed, for good, by the clock of that moment: the transaction may have waited for the batch before. */
export function insertCheckpoint(
  tx: Tx,
  tenantId: TenantId,
  { size, note }: { readonly size: number; readonly note: string },
): void {
  tx.send(
    tx('audit_checkpoints').insert({
      tenant_id: tenantId,
      size,
      note,
      sealed_at: tx.raw('clock_timestamp()'),
    }),
  );
}

/** The newest checkpoint of a tenant; undefined before its first entry. */
export async function findNewestCheckpoint(
  tx: Tx,
  tenantId: TenantId,
): Promise<StoredCheckpoint | undefined> {
  return await tx('audit_checkpoints')
    .first<StoredCheckpoint | undefined>(...SHOWN)
    .where({ tenant_id: tenantId })
    .orderBy('size', 'desc');
}

/** The checkpoint that ends the batch of this number: the first that covers it; undefined when none does. */
export async function findSealOf(
  tx: Tx,
  tenantId: TenantId,
  sequence: bigint,
): Promise<StoredCheckpoint | undefined> {
  return await tx('audit_checkpoints')
    .first<StoredCheckpoint | undefined>(...SHOWN)
    .where({ tenant_id: tenantId })
    .where('size', '>=', sequence.toString())
    .orderBy('size');
}

/** The checkpoint of one size; undefined when no batch ended there. */
export async function findCheckpoint(
  tx: Tx,
  tenantId: TenantId,
  size: number,
): Promise<StoredCheckpoint | undefined> {
  return await tx('audit_checkpoints')
    .first<StoredCheckpoint | undefined>(...SHOWN)
    .where({ tenant_id: tenantId, size });
}

/** Checkpoints above a size, ascending. */
export async function listCheckpoints(
  tx: Tx,
  tenantId: TenantId,
  page: { readonly after: bigint; readonly limit: number },
): Promise<StoredCheckpoint[]> {
  return await tx('audit_checkpoints')
    .select<StoredCheckpoint[]>(...SHOWN)
    .where({ tenant_id: tenantId })
    .where('size', '>', page.after.toString())
    .orderBy('size')
    .limit(page.limit);
}

/** The newest checkpoint that was sealed by a time, the millisecond of which is included; undefined when there was none. */
export async function findCheckpointAt(
  tx: Tx,
  tenantId: TenantId,
  time: Date,
): Promise<StoredCheckpoint | undefined> {
  return await tx('audit_checkpoints')
    .first<StoredCheckpoint | undefined>(...SHOWN)
    .where({ tenant_id: tenantId })
    .where('sealed_at', '<', new Date(time.getTime() + 1))
    .orderBy([
      { column: 'sealed_at', order: 'desc' },
      { column: 'size', order: 'desc' },
    ]);
}
