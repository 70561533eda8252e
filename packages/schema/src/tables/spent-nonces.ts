import { type RowOf, table } from '../table.ts';

/** Which transaction took which nonce of a watched address; owned by chain-watcher. */
export const spentNonces = table('spent_nonces', {
  tenant_id: 'uuid',
  chain_id: 'text',
  address: 'varchar',
  nonce: 'int8',
  version: 'int8',
  depth: 'varchar',
  tx_hash: 'varchar?',
  to_address: 'varchar?',
  value: 'numeric?',
  data: 'text?',
  success: 'boolean?',
  tx_type: 'int4?',
  gas_limit: 'int8?',
  max_fee_per_gas: 'numeric?',
  max_priority_fee_per_gas: 'numeric?',
  attachments: 'text[]?',
  fee_paid: 'numeric?',
  block_height: 'int8?',
  block_hash: 'varchar?',
  created_at: 'timestamptz',
  updated_at: 'timestamptz',
});

export type SpentNonceRow = RowOf<typeof spentNonces>;
