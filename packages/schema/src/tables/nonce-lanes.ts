import { type RowOf, table } from '../table.ts';

/** One row per sender, locked for every decision about its nonces; owned by tx-orchestrator. */
export const nonceLanes = table('nonce_lanes', {
  tenant_id: 'uuid',
  chain_id: 'text',
  address: 'varchar',
  wallet_id: 'uuid',
  fence: 'int8',
  mined_count: 'int8',
  created_at: 'timestamptz',
  updated_at: 'timestamptz',
});

export type NonceLaneRow = RowOf<typeof nonceLanes>;
