import type { Tx } from '@ironforge/store';

/** A request of any tenant. */
export interface RequestPlace {
  readonly tenantId: string;
  readonly id: string;
}

/** How many to take, and which to leave out: by id. */
export interface Wanted {
  readonly except: readonly string[];
  readonly count: number;
}

/** Requests of all tenants whose next time-out is over. */
export async function listOverdue(tx: Tx, { except, count }: Wanted): Promise<RequestPlace[]> {
  return await tx('tx_requests')
    .select<RequestPlace[]>('tenant_id as tenantId', 'id')
    .whereRaw('expires_at <= now()')
    .whereRaw('NOT (id = ANY (CAST(? AS UUID[])))', [[...except]])
    .orderBy('expires_at')
    .limit(count);
}

/** Signed requests of a chain, of all tenants, held back since their validity ended, and of which no cancel is on its way. */
export async function listHeldBack(
  tx: Tx,
  { chainId, except, count }: Wanted & { readonly chainId: string },
): Promise<RequestPlace[]> {
  const { rows } = await tx.raw<{ rows: RequestPlace[] }>(HELD_BACK, { chainId, except: [...except], count });
  return rows;
}

const IS_HELD_BACK = `r.reason = 'validity_passed' AND r.chain_id = :chainId
    AND NOT (r.id = ANY (CAST(:except AS UUID[])))
    AND NOT EXISTS (SELECT 1 FROM tx_attempts a WHERE a.tenant_id = r.tenant_id AND a.tx_request_id = r.id
      AND a.kind = 'cancel' AND a.state IN ('offered', 'signed', 'sent'))`;

/** What was just signed, and what a reorg took out of its block and was never sent: each is found by an index of its own. */
const HELD_BACK = `
  SELECT r.tenant_id AS "tenantId", r.id FROM tx_requests r WHERE r.status = 'signed' AND ${IS_HELD_BACK}
  UNION ALL
  SELECT r.tenant_id, r.id FROM tx_requests r
  WHERE r.status = 'broadcasted' AND r.block_height IS NULL AND r.sent_at_height IS NULL AND ${IS_HELD_BACK}
  ORDER BY id LIMIT :count`;

/** Bytes that some node has had for so many blocks of their chain, whose newest is the head. */
export interface LongSent {
  readonly chainId: string;
  readonly head: number;
  readonly blocks: number;
}

/**
 * Requests of all tenants that nothing came of for too long, by the watcher's own word: first of their lane, so that nothing
 * else holds them up, and not called stuck yet.
 */
export async function listStuck(
  tx: Tx,
  { chainId, head, blocks, except, count }: LongSent & Wanted,
): Promise<RequestPlace[]> {
  return await tx('tx_requests as r')
    .join('nonce_lanes as l', (on) =>
      on
        .on('l.tenant_id', 'r.tenant_id')
        .on('l.chain_id', 'r.chain_id')
        .on('l.address', 'r.from_address')
        .on('l.mined_count', tx.raw(`CAST(r.state ->> 'boundNonce' AS INT8)`)),
    )
    .select<RequestPlace[]>('r.tenant_id as tenantId', 'r.id')
    .where({ 'r.chain_id': chainId })
    .whereRaw(IS_UNMINED)
    .where('r.sent_at_height', '<=', head - blocks)
    .whereRaw('r.told_at_height >= r.sent_at_height + ?', [blocks])
    .whereRaw('NOT (r.id = ANY (CAST(? AS UUID[])))', [[...except]])
    .whereRaw(`r.reason IS DISTINCT FROM 'stuck'`)
    .orderBy('r.sent_at_height')
    .limit(count);
}

/** Since which heights nobody spoke of a request: of one that is in no block yet, and of one that is in a block. */
export interface Silence {
  readonly chainId: string;
  readonly belowUnmined: number;
  readonly belowMined: number;
  /** The last word on what is deep enough comes when its block is final: above this height its silence means nothing. */
  readonly finalUpTo: number;
}

/** Requests of all tenants, sent and not final, of which nobody spoke for too long. */
export async function listUnheard(
  tx: Tx,
  { chainId, belowUnmined, belowMined, finalUpTo, except, count }: Silence & Wanted,
): Promise<RequestPlace[]> {
  return await tx('tx_requests')
    .select<RequestPlace[]>('tenant_id as tenantId', 'id')
    .where({ chain_id: chainId })
    .whereRaw(IS_UNSETTLED)
    .where('heard_at_height', '<', belowUnmined)
    .whereRaw(IS_SILENT, [belowMined, finalUpTo])
    .whereRaw('NOT (id = ANY (CAST(? AS UUID[])))', [[...except]])
    .orderBy('heard_at_height')
    .limit(count);
}

/** Spelled out like the condition of the index of what is unmined: a plan that fits any status cannot use it. */
export const IS_UNMINED = `status = 'broadcasted' AND block_height IS NULL`;
/** The same for what is not settled. */
const IS_UNSETTLED = `finalized_at IS NULL AND status IN ('signed', 'broadcasted', 'confirmed', 'failed', 'cancelled')`;

const IS_SILENT = `(block_height IS NULL
  OR (heard_at_height < ? AND (status IN ('signed', 'broadcasted') OR block_height <= ?)))`;
