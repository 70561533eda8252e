import { type RowOf, table } from '../table.ts';

/** The last version of each aggregate that has a number; owned by audit. */
export const auditAggregates = table('audit_aggregates', {
  tenant_id: 'uuid',
  aggregate: 'varchar',
  version: 'int4',
});

export type AuditAggregateRow = RowOf<typeof auditAggregates>;
