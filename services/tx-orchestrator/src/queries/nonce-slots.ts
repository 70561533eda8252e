import { branded, type LeaseId, type TxRequestId } from '@ironforge/kernel';
import type { NonceSlotRow } from '@ironforge/schema';
import type { Tx } from '@ironforge/store';
import type { Depth, Slot } from '@ironforge/tx-core';
import { keyColumns, type LaneKey } from './nonce-lanes.ts';

const COLUMNS = ['nonce', 'state', 'tx_request_id', 'lease_id', 'fence', 'lease_expires_at', 'spent_version'];

/** A slot as stored; `spentVersion` is of the newest news about its nonce, -1 before any. */
export interface StoredSlot extends Slot {
  readonly spentVersion: number;
}

/** What the chain showed last on a nonce. */
export interface Spending {
  readonly slot: Slot;
  readonly version: number;
  readonly txHash: string | null;
  readonly depth: Depth;
}

type Row = Pick<
  NonceSlotRow,
  'nonce' | 'tx_request_id' | 'lease_id' | 'fence' | 'lease_expires_at' | 'spent_version'
> & { readonly state: Slot['state'] };

/** The slots of a locked lane from a nonce on, in order. */
export async function findSlotsFrom(tx: Tx, lane: LaneKey, nonce: number): Promise<StoredSlot[]> {
  const rows = await selectSlots(tx, lane).where('nonce', '>=', nonce).orderBy('nonce');
  return rows.map(slotOf);
}

/** The slots of a locked lane from a nonce on, below another. */
export async function findSlotsBetween(
  tx: Tx,
  lane: LaneKey,
  [from, below]: readonly [number, number],
): Promise<StoredSlot[]> {
  const rows = await selectSlots(tx, lane).where('nonce', '>=', from).where('nonce', '<', below);
  return rows.map(slotOf);
}

/** Some slots of a locked lane. */
export async function findSlots(tx: Tx, lane: LaneKey, nonces: readonly number[]): Promise<StoredSlot[]> {
  const rows = await selectSlots(tx, lane).whereRaw('nonce = ANY (?)', [[...nonces]]);
  return rows.map(slotOf);
}

/** One slot of a locked lane. */
export async function findSlot(tx: Tx, lane: LaneKey, nonce: number): Promise<StoredSlot | undefined> {
  const [row] = await selectSlots(tx, lane).where({ nonce });
  return row && slotOf(row);
}

/** Stores a slot of a locked lane, new or changed. */
export function putSlot(tx: Tx, lane: LaneKey, slot: Slot): void {
  const { nonce, ...columns } = columnsOf(slot);
  tx.send(
    tx('nonce_slots')
      .insert({ ...keyColumns(lane), nonce, ...columns })
      .onConflict(['tenant_id', 'chain_id', 'address', 'nonce'])
      .merge({ ...columns, updated_at: tx.fn.now() }),
  );
}

/** Stores a slot together with what the chain showed on it. */
export function putSpentSlot(tx: Tx, lane: LaneKey, spending: Spending): void {
  const { slot, version, txHash, depth } = spending;
  const { nonce, ...columns } = columnsOf(slot);
  const spent = { spent_version: version, spent_tx_hash: txHash, spent_depth: depth };
  tx.send(
    tx('nonce_slots')
      .insert({ ...keyColumns(lane), nonce, ...columns, ...spent })
      .onConflict(['tenant_id', 'chain_id', 'address', 'nonce'])
      .merge({ ...columns, ...spent, updated_at: tx.fn.now() }),
  );
}

/** Frees, for all tenants, the slots of requests that ended unsigned and whose lease is over; gives their number. */
export async function freeEndedSlots(tx: Tx, count: number): Promise<number> {
  const { rows } = await tx.raw<{ rows: unknown[] }>(FREE_ENDED_SLOTS, { count });
  return rows.length;
}

const FREE_ENDED_SLOTS = `
  UPDATE nonce_slots SET state = 'free', tx_request_id = NULL, lease_id = NULL, updated_at = now()
  WHERE (tenant_id, chain_id, address, nonce) IN (
    SELECT s.tenant_id, s.chain_id, s.address, s.nonce FROM nonce_slots s
    JOIN tx_requests r ON r.tenant_id = s.tenant_id AND r.id = s.tx_request_id
    WHERE s.state = 'offered' AND s.lease_expires_at <= now() AND r.status IN ('rejected', 'expired', 'cancelled')
    ORDER BY s.lease_expires_at LIMIT :count
  ) AND state = 'offered' AND lease_expires_at <= now()
  RETURNING nonce`;

function selectSlots(tx: Tx, lane: LaneKey) {
  return tx('nonce_slots')
    .select<Row[]>(...COLUMNS)
    .where(keyColumns(lane));
}

function slotOf(row: Row): StoredSlot {
  return {
    nonce: Number(row.nonce),
    state: row.state,
    requestId: row.tx_request_id === null ? null : branded<TxRequestId>(row.tx_request_id),
    leaseId: row.lease_id === null ? null : branded<LeaseId>(row.lease_id),
    fence: Number(row.fence),
    leaseExpiresAtMs: row.lease_expires_at?.getTime() ?? null,
    spentVersion: row.spent_version === null ? -1 : Number(row.spent_version),
  };
}

function columnsOf({ nonce, state, requestId, leaseId, fence, leaseExpiresAtMs }: Slot) {
  const lease_expires_at = leaseExpiresAtMs === null ? null : new Date(leaseExpiresAtMs);
  return { nonce, state, tx_request_id: requestId, lease_id: leaseId, fence, lease_expires_at };
}
