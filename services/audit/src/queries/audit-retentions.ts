import type { TenantId } from '@ironforge/kernel';
import type { AuditRetentionRow } from '@ironforge/schema';
import type { Tx } from '@ironforge/store';

/** A tenant's retention, and the time of the database. */
export interface RetentionTurn {
  readonly days: unknown;
  readonly now: Date;
}

/**
 * Locks the tenant's retention until the transaction ends, and reads it: whoever prunes, sets a retention, or places or releases a hold
 * does this first, so that each sees what the others did.
 */
export async function takeRetentionTurn(tx: Tx, tenantId: TenantId): Promise<RetentionTurn> {
  const { rows } = await tx.raw<{ rows: [RetentionTurn] }>(
    `INSERT INTO audit_retentions (tenant_id, days, turns) VALUES (:tenantId, '{}', 1)
     ON CONFLICT (tenant_id) DO UPDATE SET turns = audit_retentions.turns + 1
     RETURNING days, now() AS now`,
    { tenantId },
  );
  return rows[0];
}

/** The days that a tenant has set; undefined when it never set any. */
export async function findRetention(tx: Tx, tenantId: TenantId): Promise<unknown> {
  const row = await tx('audit_retentions')
    .first<Pick<AuditRetentionRow, 'days'> | undefined>('days')
    .where({ tenant_id: tenantId });
  return row?.days;
}

/** Sets the days; the row is locked by the caller. */
export async function saveRetention(tx: Tx, tenantId: TenantId, days: object): Promise<void> {
  await tx('audit_retentions')
    .where({ tenant_id: tenantId })
    .update({ days: JSON.stringify(days) });
}

/** What a tenant has set. */
export interface SetRetention {
  readonly tenant_id: TenantId;
  readonly days: unknown;
}

/** What all tenants have set. */
export async function allRetentions(tx: Tx): Promise<SetRetention[]> {
  return await tx('audit_retentions').select<SetRetention[]>('tenant_id', 'days').orderBy('tenant_id');
}
