import type { Logger, TenantId } from '@ironforge/kernel';
import type { AheadRow } from '../queries/audit-copies.ts';

/** Tells of each log once that it is shorter than its copy, and once that it no longer is. */
export function createAheadTeller(log: Logger): (rows: readonly AheadRow[]) => void {
  const told = new Set<TenantId>();
  return (rows) => {
    const ahead = new Set(rows.map((row) => row.tenant_id));
    for (const row of rows) if (!told.has(row.tenant_id)) tellOf(row);
    for (const tenantId of told) if (!ahead.has(tenantId)) tellEnd(tenantId);
  };

  function tellOf({ tenant_id: tenantId, copied, sealed }: AheadRow): void {
    told.add(tenantId);
    const sizes = { copied: Number(copied), sealed: Number(sealed) };
    log.error({ alert: 'audit_copy_ahead', tenantId, ...sizes }, 'a log is shorter than its copy in immudb');
  }

  function tellEnd(tenantId: TenantId): void {
    told.delete(tenantId);
    log.warn({ alert: 'audit_copy_ahead', tenantId }, 'a log was shorter than its copy, and no longer is');
  }
}
