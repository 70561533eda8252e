import { type RowOf, table } from '../table.ts';

/** The keys by which texts stand in immudb, each wrapped; owned by audit. */
export const auditCopyKeys = table('audit_copy_keys', {
  tenant_id: 'uuid',
  category: 'varchar',
  month: 'varchar',
  wrapped: 'bytea',
  created_at: 'timestamptz',
});

export type AuditCopyKeyRow = RowOf<typeof auditCopyKeys>;
