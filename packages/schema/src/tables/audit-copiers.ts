import { type RowOf, table } from '../table.ts';

/** Which process copies the log into a database of immudb's; owned by audit. */
export const auditCopiers = table('audit_copiers', {
  database: 'varchar',
  holder: 'uuid?',
  lease_expires_at: 'timestamptz?',
});

export type AuditCopierRow = RowOf<typeof auditCopiers>;
