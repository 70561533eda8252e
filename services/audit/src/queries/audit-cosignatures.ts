import type { TenantId } from '@ironforge/kernel';
import type { AuditCosignatureRow } from '@ironforge/schema';
import type { Tx } from '@ironforge/store';
import type { StoredCheckpoint } from './audit-checkpoints.ts';

/** A verified cosignature of a checkpoint. */
export type Cosignature = Pick<AuditCosignatureRow, 'witness' | 'line'> & { readonly size: number };

/** Keeps a cosignature for good; the first of a witness over a checkpoint stays. */
export async function insertCosignature(tx: Tx, tenantId: TenantId, cosignature: Cosignature): Promise<void> {
  await tx('audit_cosignatures')
    .insert({ tenant_id: tenantId, ...cosignature })
    .onConflict(['tenant_id', 'size', 'witness'])
    .ignore();
}

/** The note of a checkpoint with the lines of all witnesses that cosigned it; undefined when no batch ended there. */
export async function findCosignedNote(
  tx: Tx,
  tenantId: TenantId,
  size: number,
): Promise<string | undefined> {
  const { rows } = await tx.raw<{ rows: { note: string }[] }>(COSIGNED_NOTE, { tenantId, size });
  return rows[0]?.note;
}

const COSIGNED_NOTE = `
  SELECT c.note || COALESCE((
    SELECT string_agg(w.line || chr(10), '' ORDER BY w.witness)
    FROM audit_cosignatures w WHERE w.tenant_id = c.tenant_id AND w.size = c.size
  ), '') AS note
  FROM audit_checkpoints c WHERE c.tenant_id = :tenantId AND c.size = :size`;

/** The newest checkpoint that any witness cosigned, its note with the lines of all that did; undefined while there is none. */
export async function findNewestCosigned(tx: Tx, tenantId: TenantId): Promise<StoredCheckpoint | undefined> {
  const { rows } = await tx.raw<{ rows: StoredCheckpoint[] }>(NEWEST_COSIGNED, { tenantId });
  return rows[0];
}

const NEWEST_COSIGNED = `
  SELECT c.size, c.sealed_at, c.note || string_agg(w.line || chr(10), '' ORDER BY w.witness) AS note
  FROM audit_cosignatures w JOIN audit_checkpoints c ON c.tenant_id = w.tenant_id AND c.size = w.size
  WHERE w.tenant_id = :tenantId AND w.size = (SELECT max(size) FROM audit_cosignatures WHERE tenant_id = :tenantId)
  GROUP BY c.size, c.sealed_at, c.note`;
