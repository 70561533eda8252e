import type { Tx } from '@ironforge/store';

/** A process that copies into a database of immudb's. */
export interface CopierClaim {
  readonly database: string;
  readonly holder: string;
}

/** Takes or keeps the lease on a database; false while another process holds it. */
export async function holdCopier(
  tx: Tx,
  claim: CopierClaim & { readonly leaseMs: number },
): Promise<boolean> {
  const { rows } = await tx.raw<{ rows: unknown[] }>(HOLD_COPIER, { ...claim });
  return rows.length === 1;
}

const HOLD_COPIER = `
  INSERT INTO audit_copiers (database, holder, lease_expires_at)
  VALUES (:database, :holder, now() + :leaseMs * INTERVAL '1 millisecond')
  ON CONFLICT (database) DO UPDATE SET holder = excluded.holder, lease_expires_at = excluded.lease_expires_at
  WHERE audit_copiers.holder IS NULL OR audit_copiers.holder = excluded.holder
    OR audit_copiers.lease_expires_at < now()
  RETURNING holder`;

/** Gives the lease back, if it is still ours. */
export function releaseCopier(tx: Tx, { database, holder }: CopierClaim): void {
  tx.send(tx('audit_copiers').where({ database, holder }).update({ holder: null, lease_expires_at: null }));
}
