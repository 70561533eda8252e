import { type RowOf, table } from '../table.ts';

/** What witnesses have signed over the checkpoints of a tenant's log, one line of the note each; owned by audit. */
export const auditCosignatures = table('audit_cosignatures', {
  tenant_id: 'uuid',
  size: 'int8',
  witness: 'varchar',
  line: 'text',
  cosigned_at: 'timestamptz',
});

export type AuditCosignatureRow = RowOf<typeof auditCosignatures>;
