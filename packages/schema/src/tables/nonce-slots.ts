import { type RowOf, table } from '../table.ts';

/** Which request holds which nonce; owned by tx-orchestrator. */
export const nonceSlots = table('nonce_slots', {
  tenant_id: 'uuid',
  chain_id: 'text',
  address: 'varchar',
  nonce: 'int8',
  state: 'varchar',
  tx_request_id: 'uuid?',
  lease_id: 'uuid?',
  fence: 'int8',
  lease_expires_at: 'timestamptz?',
  spent_version: 'int8?',
  spent_tx_hash: 'varchar?',
  spent_depth: 'varchar?',
  created_at: 'timestamptz',
  updated_at: 'timestamptz',
});

export type NonceSlotRow = RowOf<typeof nonceSlots>;
