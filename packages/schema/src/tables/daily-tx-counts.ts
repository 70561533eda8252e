import { type RowOf, table } from '../table.ts';

/** How many requests a tenant made on a UTC day: the hot row of the plan limit. Owned by tx-orchestrator. */
export const dailyTxCounts = table('daily_tx_counts', {
  tenant_id: 'uuid',
  day: 'date',
  requests: 'int4',
});

export type DailyTxCountRow = RowOf<typeof dailyTxCounts>;
