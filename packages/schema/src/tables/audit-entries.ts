import { type RowOf, table } from '../table.ts';

/** One entry per domain event, numbered by the sequencer; owned by audit. */
export const auditEntries = table('audit_entries', {
  id: 'uuid',
  tenant_id: 'uuid',
  sequence: 'int8?',
  event_id: 'uuid',
  aggregate: 'varchar',
  aggregate_version: 'int4',
  type: 'varchar',
  resource_type: 'varchar',
  resource_id: 'varchar',
  action: 'varchar',
  status: 'varchar',
  actor_type: 'varchar',
  actor_id: 'varchar',
  authority: 'jsonb?',
  request_id: 'varchar?',
  chain_id: 'text?',
  tx_hash: 'varchar?',
  occurred_at: 'timestamptz',
  details: 'jsonb',
  personal: 'jsonb?',
  canonical: 'text?',
  search_terms: 'text[]?',
  created_at: 'timestamptz',
});

export type AuditEntryRow = RowOf<typeof auditEntries>;
