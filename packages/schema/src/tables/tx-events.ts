import { type RowOf, table } from '../table.ts';

/** Every transition of every request, append-only; owned by tx-orchestrator. */
export const txEvents = table('tx_events', {
  tenant_id: 'uuid',
  tx_request_id: 'uuid',
  version: 'int4',
  type: 'varchar',
  data: 'jsonb',
  actor_type: 'varchar',
  actor_id: 'varchar',
  created_at: 'timestamptz',
});

export type TxEventRow = RowOf<typeof txEvents>;
