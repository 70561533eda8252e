import { type RowOf, table } from '../table.ts';

/** Who numbers and seals the entries of a tenant, and how far; owned by audit. */
export const auditSequencers = table('audit_sequencers', {
  tenant_id: 'uuid',
  last_sequence: 'int8',
  sealed_size: 'int8',
  signing_key: 'text?',
  holder: 'uuid?',
  fence: 'int8',
  lease_expires_at: 'timestamptz?',
});

export type AuditSequencerRow = RowOf<typeof auditSequencers>;
