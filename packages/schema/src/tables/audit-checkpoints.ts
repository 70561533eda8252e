import { type RowOf, table } from '../table.ts';

/** What the log of a tenant has signed, one note for each batch; owned by audit. */
export const auditCheckpoints = table('audit_checkpoints', {
  tenant_id: 'uuid',
  size: 'int8',
  note: 'text',
  sealed_at: 'timestamptz',
});

export type AuditCheckpointRow = RowOf<typeof auditCheckpoints>;
