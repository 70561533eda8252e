import { type RowOf, table } from '../table.ts';

/** Decisions about changes, one of each person; owned by tx-orchestrator. */
export const changeApprovals = table('change_approvals', {
  id: 'uuid',
  tenant_id: 'uuid',
  change_id: 'uuid',
  approver_id: 'uuid',
  decision: 'varchar',
  comment: 'varchar?',
  step_up: 'varchar?',
  signature: 'varchar?',
  signer_address: 'varchar?',
  created_at: 'timestamptz',
});

export type ChangeApprovalRow = RowOf<typeof changeApprovals>;
