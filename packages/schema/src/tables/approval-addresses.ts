import { type RowOf, table } from '../table.ts';

/** Whose signatures prove the approvals of a person; owned by identity. */
export const approvalAddresses = table('approval_addresses', {
  tenant_id: 'uuid',
  user_id: 'uuid',
  address: 'varchar?',
  offered_address: 'varchar?',
  nonce: 'varchar?',
  offer_expires_at: 'timestamptz?',
  created_at: 'timestamptz',
  updated_at: 'timestamptz',
});

export type ApprovalAddressRow = RowOf<typeof approvalAddresses>;
