import { type RowOf, table } from '../table.ts';

/** What open requests hold of a rule's spending window: the hot row of its limit. Owned by tx-orchestrator. */
export const spendingWindows = table('spending_windows', {
  tenant_id: 'uuid',
  policy_id: 'uuid',
  rule: 'varchar',
  asset_id: 'text',
  hours: 'int4',
  reserved: 'numeric',
  created_at: 'timestamptz',
  updated_at: 'timestamptz',
});

export type SpendingWindowRow = RowOf<typeof spendingWindows>;
