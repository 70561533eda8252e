import { type RowOf, table } from '../table.ts';

/** What of a tenant's log is in immudb too, and in which transaction; owned by audit. */
export const auditCopies = table('audit_copies', {
  tenant_id: 'uuid',
  database: 'varchar',
  size: 'int8',
  tx_id: 'int8',
  tx_hash: 'varchar',
  copied_at: 'timestamptz',
});

export type AuditCopyRow = RowOf<typeof auditCopies>;
