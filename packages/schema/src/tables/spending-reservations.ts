import { type RowOf, table } from '../table.ts';

/** What one request holds of the window of the rule that let it through. Owned by tx-orchestrator. */
export const spendingReservations = table('spending_reservations', {
  tx_request_id: 'uuid',
  tenant_id: 'uuid',
  policy_id: 'uuid',
  rule: 'varchar',
  asset_id: 'text',
  hours: 'int4',
  amount: 'numeric',
  state: 'varchar',
  bucket: 'int8?',
  created_at: 'timestamptz',
  updated_at: 'timestamptz',
});

export type SpendingReservationRow = RowOf<typeof spendingReservations>;
