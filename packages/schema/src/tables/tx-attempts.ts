import { type RowOf, table } from '../table.ts';

/** One row per payload, with the bytes that were signed; owned by tx-orchestrator. */
export const txAttempts = table('tx_attempts', {
  id: 'uuid',
  tenant_id: 'uuid',
  tx_request_id: 'uuid',
  kind: 'varchar',
  state: 'varchar',
  chain_id: 'text',
  address: 'varchar',
  nonce: 'int8',
  lease_id: 'uuid?',
  fence: 'int8?',
  intent_hash: 'varchar',
  fee_ceiling: 'numeric',
  requested_by: 'uuid?',
  unsigned_transaction: 'text',
  gas_limit: 'int8',
  max_fee_per_gas: 'numeric',
  max_priority_fee_per_gas: 'numeric',
  fee_paid: 'numeric?',
  tx_hash: 'varchar?',
  raw: 'text?',
  sent_at: 'timestamptz?',
  seen_at: 'timestamptz?',
  signable_since: 'timestamptz?',
  created_at: 'timestamptz',
  updated_at: 'timestamptz',
});

export type TxAttemptRow = RowOf<typeof txAttempts>;
