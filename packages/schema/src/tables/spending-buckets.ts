import { type RowOf, table } from '../table.ts';

/** What confirmed requests took from a rule's spending window, by the time of their confirmation. Owned by tx-orchestrator. */
export const spendingBuckets = table('spending_buckets', {
  tenant_id: 'uuid',
  policy_id: 'uuid',
  rule: 'varchar',
  asset_id: 'text',
  hours: 'int4',
  bucket: 'int8',
  amount: 'numeric',
  created_at: 'timestamptz',
  updated_at: 'timestamptz',
});

export type SpendingBucketRow = RowOf<typeof spendingBuckets>;
