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

/** Keeps what a tenant asks for, in the place of what it asked for before. */
export async function putBrokerStream(tx: Tx, tenantId: TenantId, maxAgeDays: number): Promise<void> {
  await tx('audit_broker_streams')
    .insert({ tenant_id: tenantId, max_age_days: maxAgeDays })
    .onConflict('tenant_id')
    .merge(['max_age_days']);
}

/** Forgets the stream of a tenant. */
export async function deleteBrokerStream(tx: Tx, tenantId: TenantId): Promise<void> {
  await tx('audit_broker_streams').where({ tenant_id: tenantId }).delete();
}

/** Every tenant that has a stream. */
export async function tenantsWithStream(tx: Tx): Promise<TenantId[]> {
  const rows = await tx('audit_broker_streams').select<{ tenant_id: TenantId }[]>('tenant_id');
  return rows.map((row) => row.tenant_id);
}
