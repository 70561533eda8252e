import type { RowPlace } from '@ironforge/service-kit';
import type { Tx } from '@ironforge/store';

/** Whose tasks are looked for: null, or null in place of a list, leaves all in. */
export interface TaskFilter {
  readonly ownerId: string | null;
  readonly walletId: string | null;
  readonly addresses: readonly string[] | null;
  /** Ids of tasks to leave out. */
  readonly except: readonly string[];
}

/** One page of tasks: those after a place, oldest first. */
export interface TaskPage extends TaskFilter {
  readonly after: RowPlace | null;
  readonly count: number;
}

/** What waits for a signature: a request's own payload, or a replacement. */
export interface TaskRow {
  readonly id: string;
  readonly kind: 'original' | 'speed_up' | 'cancel';
  readonly transactionId: string;
  /** The nonce that a task of the system fills; null for what somebody asked for. */
  readonly gapNonce: bigint | null;
  readonly walletId: string;
  readonly address: string;
  readonly chainId: string;
  readonly since: Date;
}

/**
 * What a signer who asked for it now would be given, and nobody else was: approved requests whose nonce, once they have
 * one, is theirs to take, and open replacements; none of them under a lease that runs.
 */
export async function listTasks(tx: Tx, tenantId: string, page: TaskPage): Promise<TaskRow[]> {
  const { after, count, ...filter } = page;
  const place = { afterTime: after?.createdAt ?? null, afterId: after?.id ?? null };
  const { rows } = await tx.raw<{ rows: TaskRow[] }>(LIST_TASKS, { tenantId, ...filter, ...place, count });
  return rows;
}

/** After how many milliseconds the first lease ends that now keeps a task from others; null when none does. */
export async function findNearestLeaseEndMs(
  tx: Tx,
  tenantId: string,
  filter: TaskFilter,
): Promise<number | null> {
  const { rows } = await tx.raw<{ rows: { ms: number | null }[] }>(NEAREST_END, { tenantId, ...filter });
  return rows[0]?.ms ?? null;
}

const IS_WANTED = `r.tenant_id = :tenantId
    AND (CAST(:ownerId AS UUID) IS NULL OR r.user_id = :ownerId)
    AND (CAST(:walletId AS UUID) IS NULL OR r.wallet_id = :walletId)
    AND (CAST(:addresses AS TEXT[]) IS NULL OR r.from_address = ANY (:addresses))`;

/** With the slot of the one nonce that the request may take, if it may not take any. */
const ORIGINALS = `FROM tx_requests r
  LEFT JOIN nonce_slots s ON s.tenant_id = r.tenant_id AND s.chain_id = r.chain_id AND s.address = r.from_address
    AND s.nonce = r.bound_nonce
  WHERE ${IS_WANTED} AND r.signable_since IS NOT NULL AND NOT r.id = ANY (CAST(:except AS UUID[]))`;

/** With the slot that the payment holds; what was held back after its validity may only be cancelled. */
const REPLACEMENTS = `FROM tx_attempts a
  JOIN tx_requests r ON r.tenant_id = a.tenant_id AND r.id = a.tx_request_id
  JOIN nonce_slots s ON s.tenant_id = a.tenant_id AND s.chain_id = a.chain_id AND s.address = a.address
    AND s.nonce = a.nonce AND s.state = 'signed'
  WHERE ${IS_WANTED} AND a.tenant_id = :tenantId AND a.signable_since IS NOT NULL
    AND NOT a.id = ANY (CAST(:except AS UUID[]))
    AND NOT (a.kind = 'speed_up' AND r.reason IS NOT DISTINCT FROM 'validity_passed')`;

// now() is the time of the transaction, the same in both statements: a lease either runs for both or for none.
const ORIGINAL_LEASED = `s.state = 'offered' AND s.lease_expires_at > now()`;
const ORIGINAL_FREE = `(s.nonce IS NULL OR s.state = 'free'
    OR (s.state = 'offered' AND (s.lease_expires_at IS NULL OR s.lease_expires_at <= now())))`;
const REPLACEMENT_LEASED = `s.lease_id = a.lease_id AND s.lease_expires_at > now()`;
const REPLACEMENT_FREE = `(a.lease_id IS NULL OR s.lease_id <> a.lease_id OR s.lease_expires_at <= now())`;

const PLACE = `r.wallet_id AS "walletId", r.from_address AS address, r.chain_id AS "chainId"`;
const IS_FIRST_PAGE = `CAST(:afterTime AS TIMESTAMPTZ) IS NULL`;

const LIST_TASKS = `
  (SELECT r.id, 'original' AS kind, r.id AS "transactionId", r.gap_nonce AS "gapNonce", ${PLACE},
    r.signable_since AS since
  ${ORIGINALS} AND ${ORIGINAL_FREE}
    AND (${IS_FIRST_PAGE} OR (r.signable_since, r.id) > (:afterTime, CAST(:afterId AS UUID)))
  ORDER BY r.signable_since, r.id LIMIT :count)
  UNION ALL
  (SELECT a.id, a.kind, r.id, NULL, ${PLACE}, a.signable_since
  ${REPLACEMENTS} AND ${REPLACEMENT_FREE}
    AND (${IS_FIRST_PAGE} OR (a.signable_since, a.id) > (:afterTime, CAST(:afterId AS UUID)))
  ORDER BY a.signable_since, a.id LIMIT :count)
  ORDER BY since, id LIMIT :count`;

const NEAREST_END = `
  SELECT CAST(CEIL(EXTRACT(EPOCH FROM MIN(ends) - now()) * 1000) AS FLOAT8) AS ms FROM (
    SELECT s.lease_expires_at AS ends ${ORIGINALS} AND ${ORIGINAL_LEASED}
    UNION ALL
    SELECT s.lease_expires_at ${REPLACEMENTS} AND ${REPLACEMENT_LEASED}
  ) AS leased`;
