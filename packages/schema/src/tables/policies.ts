import { type RowOf, table } from '../table.ts';

/** Policies, each with the version in force; owned by tx-orchestrator. */
export const policies = table('policies', {
  id: 'uuid',
  tenant_id: 'uuid',
  name: 'varchar',
  description: 'varchar?',
  version: 'int4',
  is_active: 'boolean',
  is_default: 'boolean',
  created_by: 'uuid',
  created_at: 'timestamptz',
  updated_at: 'timestamptz',
});

export type PolicyRow = RowOf<typeof policies>;
