import { parseJson, type TenantId } from '@ironforge/kernel';
import type { AuditReportRow } from '@ironforge/schema';
import type { Tx } from '@ironforge/store';
import { findReport } from '../queries/audit-reports.ts';
import { checkpointNote } from '../seal/checkpoint-note.ts';

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

/** A report as it was signed, with the checkpoint that it stands on; undefined where there is none. Throws `checkpoint_missing`. */
export async function findShownReport(tx: Tx, tenantId: TenantId, id: string) {
  const row = await findReport(tx, tenantId, id);
  if (row === undefined) return undefined;
  const checkpoint = await checkpointNote(tx, tenantId, Number(row.checkpoint_size));
  return { ...showReport(row), report: row.report, findings: parseJson(row.findings), checkpoint };
}
