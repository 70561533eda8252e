import type { TenantId } from '@ironforge/kernel';
import type { AuditBrokerStreamRow } from '@ironforge/schema';
import type { Tx } from '@ironforge/store';

/** What a tenant asked for. */
export type BrokerStream = Pick<AuditBrokerStreamRow, 'max_age_days'>;

/** The stream of a tenant; undefined when it has none. */
export async function findBrokerStream(tx: Tx, tenantId: TenantId): Promise<BrokerStream | undefined> {
  return await tx('audit_broker_streams')
    .first<BrokerStream | undefined>('max_age_days')
    .where({ tenant_id: tenantId });
}

/** Notes the stream of a tenant that has none; waits for whoever does the same, and gives false when there is one by then. */
export async function insertBrokerStream(tx: Tx, tenantId: TenantId, maxAgeDays: number): Promise<boolean> {
  const made = await tx('audit_broker_streams')
    .insert({ tenant_id: tenantId, max_age_days: maxAgeDays })
    .onConflict('tenant_id')
    .ignore()
    .returning<unknown[]>('tenant_id');
  return made.length === 1;
}

/** Changes for how long a stream keeps, and locks its row until the transaction ends; false when there is none. */
export async function changeBrokerStream(tx: Tx, tenantId: TenantId, maxAgeDays: number): Promise<boolean> {
  const changed = await tx('audit_broker_streams')
    .where({ tenant_id: tenantId })
    .update({ max_age_days: maxAgeDays });
  return changed === 1;
}

/** Locks the row of a stream until the transaction ends; false when there is none. */
export async function lockBrokerStream(tx: Tx, tenantId: TenantId): Promise<boolean> {
  const row = await tx('audit_broker_streams')
    .first<BrokerStream | undefined>('max_age_days')
    .where({ tenant_id: tenantId })
    .forUpdate();
  return row !== undefined;
}

/** Forgets the stream of a tenant; false when there is none. */
export async function deleteBrokerStream(tx: Tx, tenantId: TenantId): Promise<boolean> {
  return (await tx('audit_broker_streams').where({ tenant_id: tenantId }).delete()) === 1;
}

/** Every tenant that has a stream. */
export async function tenantsWithStream(tx: Tx): Promise<TenantId[]> {
  const rows = await tx('audit_broker_streams').select<{ tenant_id: TenantId }[]>('tenant_id');
  return rows.map((row) => row.tenant_id);
}
