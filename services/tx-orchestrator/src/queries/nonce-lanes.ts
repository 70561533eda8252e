import type { NonceLaneRow } from '@ironforge/schema';
import type { Tx } from '@ironforge/store';

/** One sender: its nonces are decided while its row is locked. */
export interface LaneKey {
  readonly tenantId: string;
  readonly chainId: string;
  readonly address: string;
}

/** A locked lane. */
export interface LockedLane extends LaneKey {
  readonly walletId: string;
  readonly fence: number;
  readonly minedCount: number;
}

type Locked = Pick<NonceLaneRow, 'wallet_id' | 'fence' | 'mined_count'>;

/** Locks a lane, and makes it with what a quote told if it is new: from then on news count, and what the sweeper asks. */
export async function lockOrMakeLane(
  tx: Tx,
  key: LaneKey,
  { walletId, minedCount }: { readonly walletId: string; readonly minedCount: number },
): Promise<LockedLane> {
  const [row] = await tx('nonce_lanes')
    .insert({ ...keyColumns(key), wallet_id: walletId, fence: 0, mined_count: minedCount })
    .onConflict(['tenant_id', 'chain_id', 'address'])
    // Nothing changes: it locks the row and gives it back.
    .merge({ wallet_id: tx.raw('nonce_lanes.wallet_id') })
    .returning<Locked[]>(['wallet_id', 'fence', 'mined_count']);
  return laneOf(key, row);
}

/** A lane as it is now, unlocked; undefined when it never had a payload. */
export async function findLane(tx: Tx, key: LaneKey): Promise<LockedLane | undefined> {
  const [row] = await selectLane(tx, key);
  return row === undefined ? undefined : laneOf(key, row);
}

/** Locks a lane; undefined when it never had a payload. */
export async function lockLane(tx: Tx, key: LaneKey): Promise<LockedLane | undefined> {
  const [row] = await selectLane(tx, key).forUpdate();
  return row === undefined ? undefined : laneOf(key, row);
}

/** Stores the newest fence and the mined count of a locked lane. */
export function updateLane(tx: Tx, lane: LockedLane): void {
  tx.send(
    tx('nonce_lanes')
      .where(keyColumns(lane))
      .update({ fence: lane.fence, mined_count: lane.minedCount, updated_at: tx.fn.now() }),
  );
}

/** The columns that name a lane. */
export function keyColumns({ tenantId, chainId, address }: LaneKey) {
  return { tenant_id: tenantId, chain_id: chainId, address };
}

function selectLane(tx: Tx, key: LaneKey) {
  return tx('nonce_lanes').select<Locked[]>('wallet_id', 'fence', 'mined_count').where(keyColumns(key));
}

function laneOf({ tenantId, chainId, address }: LaneKey, row: Locked | undefined): LockedLane {
  if (row === undefined) throw new Error('an upsert gives its row');
  const numbers = { fence: Number(row.fence), minedCount: Number(row.mined_count) };
  return { tenantId, chainId, address, walletId: row.wallet_id, ...numbers };
}
