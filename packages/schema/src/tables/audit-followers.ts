import { type RowOf, table } from '../table.ts';

/** How far each program that follows a tenant's log has come, and which process goes on; owned by audit. */
export const auditFollowers = table('audit_followers', {
  tenant_id: 'uuid',
  name: 'varchar',
  sequence: 'int8',
  holder: 'uuid?',
  fence: 'int8',
  lease_expires_at: 'timestamptz?',
});

export type AuditFollowerRow = RowOf<typeof auditFollowers>;
