import type { Tx } from '@ironforge/store';

/** Who is to sign for a nonce that is missing: the holder of a lease that runs, or the task that fills it. */
export interface GapHolder {
  readonly id: string;
  readonly nonce: number;
  /** Null when nobody has taken the task. */
  readonly leaseEndsAt: Date | null;
}

/** Who is to sign first before each of these requests, by their ids; nobody for one that is queued behind nothing. */
export async function findGapHolders(
  tx: Tx,
  tenantId: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, GapHolder>> {
  const { rows } = await tx.raw<{ rows: Row[] }>(GAP_HOLDERS, { tenantId, ids: [...ids] });
  return new Map(
    rows.map(({ queuedId, nonce, ...holder }) => [queuedId, { ...holder, nonce: Number(nonce) }]),
  );
}

interface Row extends Omit<GapHolder, 'nonce'> {
  readonly queuedId: string;
  readonly nonce: bigint;
}

/**
 * Request by request, so that each is found by its key however large its tenant is. The lowest nonce comes first, and a lease on it
 * before a task for it, whose signer may be another. Of a lane's slots only those above its mined count are read.
 */
const GAP_HOLDERS = `
  SELECT q.id AS "queuedId", h.id, h.nonce, h."leaseEndsAt"
  FROM unnest(CAST(:ids AS UUID[])) AS q (id)
  CROSS JOIN LATERAL (
    SELECT s.tx_request_id AS id, s.nonce, s.lease_expires_at AS "leaseEndsAt", 1 AS place
    FROM tx_requests r
    JOIN nonce_lanes l ON l.tenant_id = r.tenant_id AND l.chain_id = r.chain_id AND l.address = r.from_address
    JOIN nonce_slots s ON s.tenant_id = l.tenant_id AND s.chain_id = l.chain_id AND s.address = l.address
      AND s.nonce >= l.mined_count AND s.nonce < r.bound_nonce
    WHERE r.tenant_id = :tenantId AND r.id = q.id AND r.reason = 'queued_behind'
      AND s.state = 'offered' AND s.lease_expires_at > now()
    UNION ALL
    SELECT g.id, g.gap_nonce, CAST(NULL AS TIMESTAMPTZ), 2
    FROM tx_requests r
    JOIN tx_requests g ON g.tenant_id = r.tenant_id AND g.chain_id = r.chain_id AND g.from_address = r.from_address
      AND g.status = 'approved' AND g.gap_nonce IS NOT NULL AND g.gap_nonce < r.bound_nonce
    WHERE r.tenant_id = :tenantId AND r.id = q.id AND r.reason = 'queued_behind'
    ORDER BY nonce, place LIMIT 1
  ) AS h`;
