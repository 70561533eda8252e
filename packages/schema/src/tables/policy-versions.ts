import { type RowOf, table } from '../table.ts';

/** The rules of each version of a policy, never changed; owned by tx-orchestrator. */
export const policyVersions = table('policy_versions', {
  tenant_id: 'uuid',
  policy_id: 'uuid',
  version: 'int4',
  rules: 'jsonb',
  created_by: 'uuid',
  created_at: 'timestamptz',
});

export type PolicyVersionRow = RowOf<typeof policyVersions>;
