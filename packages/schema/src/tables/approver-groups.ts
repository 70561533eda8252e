import { type RowOf, table } from '../table.ts';

/** The groups of the matched rule, as resolved when an intent was submitted; owned by tx-orchestrator. */
export const approverGroups = table('approver_groups', {
  tenant_id: 'uuid',
  tx_request_id: 'uuid',
  intent_hash: 'varchar',
  alternative: 'int4',
  position: 'int4',
  name: 'varchar',
  required: 'int4',
  approver_ids: 'uuid[]',
  role: 'varchar?',
  step_up: 'varchar?',
  rejection: 'varchar',
  policy_id: 'uuid?',
  policy_version: 'int4?',
});

export type ApproverGroupRow = RowOf<typeof approverGroups>;
