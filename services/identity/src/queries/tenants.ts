import type { TenantRow } from '@ironforge/schema';
import type { Tx } from '@ironforge/store';
import type { RowPlace } from '@ironforge/service-kit';

const COLUMNS = [
  'id',
  'name',
  'plan',
  'status',
  'max_wallets',
  'max_transactions_per_day',
  'api_rate_limit',
  'version',
  'created_at',
] as const;

/** A tenant as identity reads it. */
export type Tenant = Pick<TenantRow, (typeof COLUMNS)[number]>;

/** Stores a new tenant. */
export async function insertTenant(tx: Tx, tenant: Tenant): Promise<void> {
  await tx<TenantRow>('tenants').insert({ ...tenant, updated_at: tenant.created_at });
}

/** One tenant. */
export async function findTenant(tx: Tx, tenantId: string): Promise<Tenant | undefined> {
  return await tx<TenantRow>('tenants')
    .first(...COLUMNS)
    .where({ id: tenantId });
}

/** All tenants, newest first; for the super administrator. */
export async function listTenants(tx: Tx, after: RowPlace | null, count: number): Promise<Tenant[]> {
  const query = tx<TenantRow>('tenants')
    .select(...COLUMNS)
    .orderBy([
      { column: 'created_at', order: 'desc' },
      { column: 'id', order: 'desc' },
    ]);
  if (after !== null) void query.whereRaw('(created_at, id) < (?, ?)', [after.createdAt, after.id]);
  return await query.limit(count);
}

/** Sets the status and raises the version; undefined when there is no such tenant, or it has that status already. */
export async function changeTenantStatus(
  tx: Tx,
  tenantId: string,
  { status, now }: { readonly status: string; readonly now: Date },
): Promise<Tenant | undefined> {
  const [row] = await tx<TenantRow>('tenants')
    .where({ id: tenantId })
    .whereNot({ status })
    .update({ status, updated_at: now })
    .increment('version', 1)
    .returning(COLUMNS);
  return row;
}

/** True when the installation has any tenant. */
export async function hasTenants(tx: Tx): Promise<boolean> {
  return (await tx<TenantRow>('tenants').first('id')) !== undefined;
}
