import { type RowOf, table } from '../table.ts';

/** What changes the rules, with whom it needs; owned by tx-orchestrator. */
export const changes = table('changes', {
  id: 'uuid',
  tenant_id: 'uuid',
  kind: 'varchar',
  subject_id: 'uuid',
  content: 'text',
  change_hash: 'varchar',
  groups: 'jsonb',
  policy_id: 'uuid?',
  policy_version: 'int4?',
  status: 'varchar',
  reason: 'varchar?',
  author_id: 'uuid',
  author_api_key_id: 'uuid?',
  version: 'int4',
  expires_at: 'timestamptz',
  approved_at: 'timestamptz?',
  handed_over_at: 'timestamptz?',
  failures: 'int4',
  passed_over_until: 'timestamptz?',
  created_at: 'timestamptz',
  updated_at: 'timestamptz',
});

export type ChangeRow = RowOf<typeof changes>;
