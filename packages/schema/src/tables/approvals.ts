import { type RowOf, table } from '../table.ts';

/** Decisions of approvers, by intent hash; owned by tx-orchestrator. */
export const approvals = table('approvals', {
  id: 'uuid',
  tenant_id: 'uuid',
  tx_request_id: 'uuid',
  intent_hash: 'varchar',
  approver_id: 'uuid',
  decision: 'varchar',
  comment: 'varchar?',
  step_up: 'varchar?',
  signature: 'varchar?',
  signer_address: 'varchar?',
  created_at: 'timestamptz',
});

export type ApprovalRow = RowOf<typeof approvals>;
