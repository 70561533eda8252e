import type { TenantId } from '@ironforge/kernel';
import type { Tx } from '@ironforge/store';

/** How far a witness has cosigned the log of a tenant. */
export interface WitnessTurn {
  readonly cosigned_size: bigint;
}

/** A witness by its name, and how long nobody else asks it about this log. */
export interface TurnClaim {
  readonly witness: string;
  readonly paceMs: number;
}

/**
 * Takes the turn to ask a witness about a tenant's log; undefined while that of another process, or of before, lasts. The clock is read when
 * the row is at hand: by `now()` whoever began before the taker and comes after him would see a time that no pace can have set.
 */
export async function claimWitnessTurn(
  tx: Tx,
  tenantId: TenantId,
  claim: TurnClaim,
): Promise<WitnessTurn | undefined> {
  const { rows } = await tx.raw<{ rows: WitnessTurn[] }>(
    `INSERT INTO audit_witness_turns (tenant_id, witness, next_turn_at)
     VALUES (:tenantId, :witness, now() + :paceMs * interval '1 millisecond')
     ON CONFLICT (tenant_id, witness) DO UPDATE SET next_turn_at = excluded.next_turn_at
     WHERE audit_witness_turns.next_turn_at <= now()
       OR audit_witness_turns.next_turn_at > clock_timestamp() + :paceMs * interval '1 millisecond'
     RETURNING cosigned_size`,
    { tenantId, ...claim },
  );
  return rows[0];
}

/** Notes how far a witness has cosigned, never back. */
export async function advanceWitness(
  tx: Tx,
  tenantId: TenantId,
  { witness, size }: { readonly witness: string; readonly size: number },
): Promise<void> {
  await tx('audit_witness_turns')
    .where({ tenant_id: tenantId, witness })
    .where('cosigned_size', '<', size)
    .update({ cosigned_size: size });
}

/** A log whose newest checkpoint a witness has not cosigned. */
export interface UnwitnessedLog {
  readonly tenant_id: TenantId;
  /** Entries beyond what the witness cosigned; below 0 for a log that is shorter than that. */
  readonly entries: bigint;
  /** The witness may be asked now. */
  readonly is_due: boolean;
}

/** What a witness has not cosigned, of all tenants; whose turn was longest ago comes first. */
export async function unwitnessedLogs(tx: Tx, { witness, paceMs }: TurnClaim): Promise<UnwitnessedLog[]> {
  const { rows } = await tx.raw<{ rows: UnwitnessedLog[] }>(
    `SELECT s.tenant_id, s.sealed_size - COALESCE(t.cosigned_size, 0) AS entries,
       t.next_turn_at IS NULL OR t.next_turn_at <= now()
         OR t.next_turn_at > now() + :paceMs * interval '1 millisecond' AS is_due
     FROM audit_sequencers s
     LEFT JOIN audit_witness_turns t ON t.tenant_id = s.tenant_id AND t.witness = :witness
     WHERE s.sealed_size > 0 AND s.sealed_size <> COALESCE(t.cosigned_size, 0)
     ORDER BY t.next_turn_at, s.tenant_id`,
    { witness, paceMs },
  );
  return rows;
}
