import { isCheckViolation, type Tx } from '@ironforge/store';

/**
 * Counts one more request of a tenant's UTC day, with the COMMIT: all of a tenant's requests wait for this row meanwhile. Where
 * the plan allows no more, the transaction fails with an error that `isDayFull` knows. `max` is at least 1.
 */
export function countRequest(
  tx: Tx,
  tenantId: string,
  { day, max }: { readonly day: string; readonly max: number },
): void {
  tx.beforeCommit(() => tx.send(tx.raw(COUNT_REQUEST, { tenantId, day, max })));
}

/** True for the error of a transaction that asked for one request more than the plan allows. */
export function isDayFull(error: unknown): boolean {
  return isCheckViolation(error, 'daily_tx_counts_within_plan');
}

const COUNT_REQUEST = `
  INSERT INTO daily_tx_counts (tenant_id, day, requests) VALUES (:tenantId, :day, 1)
  ON CONFLICT (tenant_id, day) DO UPDATE
  SET requests = CASE WHEN daily_tx_counts.requests < :max THEN daily_tx_counts.requests + 1 ELSE 0 END`;
