import { type RowOf, table } from '../table.ts';

/** How far each witness follows a tenant's log, and when it may be asked again; owned by audit. */
export const auditWitnessTurns = table('audit_witness_turns', {
  tenant_id: 'uuid',
  witness: 'varchar',
  cosigned_size: 'int8',
  next_turn_at: 'timestamptz',
});

export type AuditWitnessTurnRow = RowOf<typeof auditWitnessTurns>;
