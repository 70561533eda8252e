import type { Tx } from '@ironforge/store';
import type { LaneKey } from './nonce-lanes.ts';
import { IS_UNMINED } from './overdue-requests.ts';
import { IS_NOT_SENT_SINCE, IS_UNSEEN } from './tx-attempts.ts';

/** A task of the system that waits for a signer, and the nonce that it fills. */
export interface OpenGap {
  readonly id: string;
  readonly chainId: string;
  readonly address: string;
  readonly nonce: number;
}

/** The tasks of these senders that nobody has signed, lowest nonce first. */
export async function findOpenGaps(
  tx: Tx,
  tenantId: string,
  addresses: readonly string[],
): Promise<OpenGap[]> {
  const rows = await tx('tx_requests')
    .select<GapRow[]>('id', 'chain_id as chainId', 'from_address as address', 'gap_nonce as nonce')
    .where({ tenant_id: tenantId })
    .whereRaw('from_address = ANY(?)', [[...addresses]])
    .whereRaw(OPEN_GAP)
    .orderBy('gap_nonce');
  return rows.map(({ nonce, ...gap }) => ({ ...gap, nonce: Number(nonce) }));
}

type GapRow = Omit<OpenGap, 'nonce'> & { readonly nonce: bigint };

/** Spelled out: a planner that is to fit any status does not see that the index of open gaps has them all. */
const OPEN_GAP = `status = 'approved' AND gap_nonce IS NOT NULL`;

/** Which lanes are next, in the order of their keys. */
export interface LanePage {
  readonly after: LaneKey | null;
  readonly count: number;
}

/**
 * The lanes, of all tenants, with signed bytes that no node has, never sent or sent a while ago: something below may be
 * missing. In the order of their keys, so many after the given one.
 */
export async function listHeldBackLanes(
  tx: Tx,
  { after, count, sentMs }: LanePage & { readonly sentMs: number },
): Promise<LaneKey[]> {
  const { tenantId, chainId, address } = after ?? FIRST;
  return await tx('tx_attempts')
    .distinct<LaneKey[]>('tenant_id as tenantId', 'chain_id as chainId', 'address')
    .whereRaw(IS_UNSEEN)
    .whereNotNull('raw')
    .whereRaw(IS_NOT_SENT_SINCE, [sentMs])
    .whereRaw('(tenant_id, chain_id, address) > (?, ?, ?)', [tenantId, chainId, address])
    .orderByRaw('tenant_id, chain_id, address')
    .limit(count);
}

/** The lanes of a chain, of all tenants, with payments that a node has and that no block took since a height. */
export async function listUnminedLanes(
  tx: Tx,
  { after, count, chainId, below }: LanePage & { readonly chainId: string; readonly below: number },
): Promise<LaneKey[]> {
  const { tenantId, address } = after ?? FIRST;
  return await tx('tx_requests')
    .distinct<LaneKey[]>('tenant_id as tenantId', 'chain_id as chainId', 'from_address as address')
    .where({ chain_id: chainId })
    .whereRaw(IS_UNMINED)
    .where('sent_at_height', '<', below)
    .whereRaw('(tenant_id, from_address) > (?, ?)', [tenantId, address])
    .orderByRaw('tenant_id, from_address')
    .limit(count);
}

/** Below every key. */
const FIRST: LaneKey = { tenantId: '00000000-0000-0000-0000-000000000000', chainId: '', address: '' };
