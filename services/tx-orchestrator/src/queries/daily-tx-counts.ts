import type { Tx } from '@ironforge/store';

/** Counts one more request of a tenant's UTC day; false when the plan allows no more. */
export async function countRequest(
  tx: Tx,
  tenantId: string,
  { day, max }: { readonly day: string; readonly max: number },
): Promise<boolean> {
  if (max < 1) return false;
  const { rows } = await tx.raw<{ rows: unknown[] }>(COUNT_REQUEST, { tenantId, day, max });
  return rows.length === 1;
}

const COUNT_REQUEST = `
  INSERT INTO daily_tx_counts (tenant_id, day, requests) VALUES (:tenantId, :day, 1)
  ON CONFLICT (tenant_id, day) DO UPDATE SET requests = daily_tx_counts.requests + 1
  WHERE daily_tx_counts.requests < :max
  RETURNING requests`;
