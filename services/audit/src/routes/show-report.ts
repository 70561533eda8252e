import { parseJson, present, type TenantId } from '@ironforge/kernel';
import type { AuditReportRow } from '@ironforge/schema';
import type { Tx } from '@ironforge/store';
import { findCosignedNote } from '../queries/audit-cosignatures.ts';
import { findReport } from '../queries/audit-reports.ts';

/** A report in a list. */
export function showReport(row: AuditReportRow) {
  return {
    id: row.id,
    chainId: row.chain_id,
    from: Number(row.from_height),
    to: Number(row.to_height),
    findingCount: row.findings_count,
    checkpointSize: Number(row.checkpoint_size),
    createdAt: row.created_at.toISOString(),
  };
}

/** A report as it was signed, with the checkpoint that it stands on; undefined where there is none. */
export async function findShownReport(tx: Tx, tenantId: TenantId, id: string) {
  const row = await findReport(tx, tenantId, id);
  if (row === undefined) return undefined;
  const note = await findCosignedNote(tx, tenantId, Number(row.checkpoint_size));
  const checkpoint = present(note, 'the checkpoint of a report');
  return { ...showReport(row), report: row.report, findings: parseJson(row.findings), checkpoint };
}
