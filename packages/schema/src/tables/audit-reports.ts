import { type RowOf, table } from '../table.ts';

/** Comparisons of a chain with the log of a tenant, as they were signed; owned by audit. */
export const auditReports = table('audit_reports', {
  tenant_id: 'uuid',
  id: 'uuid',
  chain_id: 'text',
  from_height: 'int8',
  to_height: 'int8',
  checkpoint_size: 'int8',
  findings_count: 'int4',
  findings: 'text',
  report: 'text',
  created_at: 'timestamptz',
});

export type AuditReportRow = RowOf<typeof auditReports>;
