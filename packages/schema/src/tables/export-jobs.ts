import { type RowOf, table } from '../table.ts';

/** Exports of a tenant's audit log, asked for, under way and done; owned by audit. */
export const exportJobs = table('export_jobs', {
  tenant_id: 'uuid',
  id: 'uuid',
  format: 'varchar',
  filter: 'jsonb',
  first_sequence: 'int8',
  last_sequence: 'int8',
  checkpoint_size: 'int8',
  status: 'varchar',
  reason: 'varchar?',
  searched_sequence: 'int8',
  entries: 'int8',
  size_bytes: 'int8',
  sha256: 'varchar?',
  manifest: 'text?',
  created_by_type: 'varchar',
  created_by_id: 'varchar',
  created_at: 'timestamptz',
  expires_at: 'timestamptz',
  holder: 'uuid?',
  fence: 'int8',
  lease_expires_at: 'timestamptz?',
});

export type ExportJobRow = RowOf<typeof exportJobs>;
