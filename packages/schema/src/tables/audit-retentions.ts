import { type RowOf, table } from '../table.ts';

/** For how many days a tenant keeps its entries, by category; the row that pruning and holds lock. Owned by audit. */
export const auditRetentions = table('audit_retentions', {
  tenant_id: 'uuid',
  days: 'jsonb',
  turns: 'int8',
});

export type AuditRetentionRow = RowOf<typeof auditRetentions>;
