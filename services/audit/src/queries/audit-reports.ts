import type { TenantId } from '@ironforge/kernel';
import type { AuditReportRow } from '@ironforge/schema';
import type { RowPlace } from '@ironforge/service-kit';
import type { Tx } from '@ironforge/store';

/** Keeps a report as it was signed, for good. */
export function insertReport(tx: Tx, report: NewReportRow): void {
  tx.send(tx('audit_reports').insert(report));
}

/** A report as it is stored. */
export type NewReportRow = Omit<AuditReportRow, 'from_height' | 'to_height' | 'checkpoint_size'> &
  Record<'from_height' | 'to_height' | 'checkpoint_size', number>;

/** One report of a tenant; undefined where there is none. */
export async function findReport(
  tx: Tx,
  tenantId: TenantId,
  id: string,
): Promise<AuditReportRow | undefined> {
  return await tx('audit_reports').first<AuditReportRow | undefined>().where({ tenant_id: tenantId, id });
}

/** The reports of a tenant after a place, newest first. */
export async function listReports(
  tx: Tx,
  tenantId: TenantId,
  page: { readonly after: RowPlace | null; readonly limit: number },
): Promise<AuditReportRow[]> {
  const query = tx('audit_reports')
    .select<AuditReportRow[]>()
    .where({ tenant_id: tenantId })
    .orderBy([
      { column: 'created_at', order: 'desc' },
      { column: 'id', order: 'desc' },
    ])
    .limit(page.limit);
  if (page.after !== null)
    void query.whereRaw('(created_at, id) < (?, ?)', [page.after.createdAt, page.after.id]);
  return await query;
}
