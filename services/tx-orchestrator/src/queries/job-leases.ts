import type { Tx } from '@ironforge/store';

/** Takes or keeps the lease of a recurring job; false while another process holds it. */
export async function holdJobLease(
  tx: Tx,
  lease: { readonly name: string; readonly holder: string; readonly seconds: number },
): Promise<boolean> {
  const { rows } = await tx.raw<{ rows: unknown[] }>(HOLD_JOB_LEASE, { ...lease });
  return rows.length === 1;
}

const HOLD_JOB_LEASE = `
  INSERT INTO job_leases (name, holder, fence, expires_at)
  VALUES (:name, :holder, 1, now() + :seconds * INTERVAL '1 second')
  ON CONFLICT (name) DO UPDATE SET
    holder = excluded.holder, expires_at = excluded.expires_at,
    fence = job_leases.fence + CASE WHEN job_leases.holder = excluded.holder THEN 0 ELSE 1 END
  WHERE job_leases.holder = excluded.holder OR job_leases.expires_at < now()
  RETURNING fence`;
