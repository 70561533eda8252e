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
