import type { Cursor } from '@ironforge/chain-core';
import { type StopReason, stopReason } from '@ironforge/contracts';
import type { ChainCursorRow } from '@ironforge/schema';
import type { Tx } from '@ironforge/store';

/** How far a chain is followed. */
export interface CursorState extends Cursor {
  readonly chainId: string;
  readonly blockTime: Date;
  /** Below 0 while nothing is final. */
  readonly finalizedHeight: number;
  /** Rises with every block applied or undone. */
  readonly version: number;
  readonly status: CursorStatus;
  /** Null unless it is stopped. */
  readonly stopReason: StopReason | null;
  /** Rises with every change of leader. */
  readonly fence: number;
}

/** Whether a chain's watcher is at the node's tip, behind it, or gave up. */
export type CursorStatus = 'following' | 'behind' | 'stopped';

/** Who follows a chain, and for how long without renewal. */
export interface LeaderClaim {
  readonly chainId: string;
  readonly leader: string;
  readonly leaseMs: number;
}

/** Takes or renews the lead of a chain; undefined while another process has it, or when there is no cursor yet. */
export async function claimCursor(tx: Tx, claim: LeaderClaim): Promise<CursorState | undefined> {
  const { rows } = await tx.raw<{ rows: ChainCursorRow[] }>(
    `UPDATE chain_cursors SET
       leader = :leader,
       fence = fence + CASE WHEN leader = :leader THEN 0 ELSE 1 END,
       lease_expires_at = now() + :leaseMs * interval '1 millisecond'
     WHERE chain_id = :chainId AND (leader IS NULL OR leader = :leader OR lease_expires_at < now())
     RETURNING *`,
    { ...claim },
  );
  return rows.map(toState)[0];
}

/** Renews the lead, if it is still ours. */
export async function renewLead(tx: Tx, claim: LeaderClaim): Promise<void> {
  await tx.raw(
    `UPDATE chain_cursors SET lease_expires_at = now() + :leaseMs * interval '1 millisecond'
     WHERE chain_id = :chainId AND leader = :leader`,
    { ...claim },
  );
}

/** Gives the lead back, if it is still ours. */
export async function releaseCursor(tx: Tx, chainId: string, leader: string): Promise<void> {
  await tx('chain_cursors')
    .where({ chain_id: chainId, leader })
    .update({ leader: null, lease_expires_at: null });
}

/** The first cursor of a chain; left alone when another process was first. */
export async function insertCursor(
  tx: Tx,
  first: Omit<CursorState, 'version' | 'fence' | 'stopReason'>,
): Promise<void> {
  const { chainId, height, hash, blockTime, finalizedHeight, status } = first;
  await tx('chain_cursors')
    .insert({
      chain_id: chainId,
      height,
      hash,
      block_time: blockTime,
      finalized_height: finalizedHeight,
      status,
      version: 1,
      fence: 0,
    })
    .onConflict('chain_id')
    .ignore();
}

/** Where a leader moves the cursor from and to. */
export interface CursorMove {
  readonly from: CursorState;
  readonly to: Cursor & Pick<CursorState, 'blockTime' | 'finalizedHeight' | 'status'>;
  readonly leaseMs: number;
}

/**
 * Moves the cursor by one block and renews the lead; the row is locked until the transaction ends, so it comes first.
 * Undefined when it stands elsewhere or another leads: then nothing of what was planned may be written.
 */
export async function moveCursor(
  tx: Tx,
  { from, to, leaseMs }: CursorMove,
): Promise<CursorState | undefined> {
  const { rows } = await tx.raw<{ rows: ChainCursorRow[] }>(
    `UPDATE chain_cursors SET
       height = :height, hash = :hash, block_time = :blockTime, finalized_height = :finalizedHeight, status = :status,
       stop_reason = NULL,       version = version + 1, lease_expires_at = now() + :leaseMs * interval '1 millisecond', updated_at = now()
     WHERE chain_id = :chainId AND fence = :fence AND version = :version
     RETURNING *`,
    { ...to, leaseMs, chainId: from.chainId, fence: from.fence, version: from.version },
  );
  return rows.map(toState)[0];
}

/** Says how a chain that goes on is followed, without moving. */
export async function setCursorStatus(
  tx: Tx,
  from: CursorState,
  status: Exclude<CursorStatus, 'stopped'>,
): Promise<void> {
  await tx('chain_cursors')
    .where({ chain_id: from.chainId, fence: from.fence })
    .update({ status, stop_reason: null, updated_at: tx.fn.now() });
}

/** Stops a chain that this process leads; undefined when it is stopped for that reason already, or another leads. */
export async function stopCursor(
  tx: Tx,
  {
    chainId,
    leader,
    reason,
  }: { readonly chainId: string; readonly leader: string; readonly reason: StopReason },
): Promise<CursorState | undefined> {
  const { rows } = await tx.raw<{ rows: ChainCursorRow[] }>(
    `UPDATE chain_cursors SET status = 'stopped', stop_reason = :reason, updated_at = now()
     WHERE chain_id = :chainId AND leader = :leader AND stop_reason IS DISTINCT FROM :reason
     RETURNING *`,
    { chainId, leader, reason },
  );
  return rows.map(toState)[0];
}

/**
 * Takes finality back down to a height whose block is kept, so that those above can be undone; false when no fork has
 * stopped the chain, or the height is none that could help.
 */
export async function lowerFinality(
  tx: Tx,
  { chainId, height }: { readonly chainId: string; readonly height: number },
): Promise<boolean> {
  const changed = await tx('chain_cursors')
    .where({ chain_id: chainId, stop_reason: 'forked_below_finality' })
    .where('finalized_height', '>', height)
    .whereExists(tx('chain_blocks').where({ chain_id: chainId, height }))
    .update({ finalized_height: height, version: tx.raw('version + 1'), updated_at: tx.fn.now() });
  return changed === 1;
}

/** Notes that the node or the database does not answer the leader. */
export async function markBehind(tx: Tx, chainId: string, leader: string): Promise<void> {
  await tx('chain_cursors')
    .where({ chain_id: chainId, leader, status: 'following' })
    .update({ status: 'behind', updated_at: tx.fn.now() });
}

/** The cursor, with its row locked against movement until the transaction ends. */
export async function holdCursor(tx: Tx, chainId: string): Promise<CursorState | undefined> {
  const rows: ChainCursorRow[] = await tx('chain_cursors').where({ chain_id: chainId }).forShare();
  return rows.map(toState)[0];
}

/** The same for one alone: also against everybody else who holds it. */
export async function holdCursorAlone(tx: Tx, chainId: string): Promise<CursorState | undefined> {
  const rows: ChainCursorRow[] = await tx('chain_cursors').where({ chain_id: chainId }).forUpdate();
  return rows.map(toState)[0];
}

/** Every cursor there is. */
export async function listCursors(tx: Tx): Promise<CursorState[]> {
  const rows: ChainCursorRow[] = await tx('chain_cursors').select();
  return rows.map(toState);
}

/** One cursor as it stands. */
export async function findCursor(tx: Tx, chainId: string): Promise<CursorState | undefined> {
  const rows: ChainCursorRow[] = await tx('chain_cursors').where({ chain_id: chainId });
  return rows.map(toState)[0];
}

/** The cursor of a chain that this process leads, at the node's tip; undefined otherwise. */
export async function findLedCursor(
  tx: Tx,
  chainId: string,
  leader: string,
): Promise<CursorState | undefined> {
  const rows: ChainCursorRow[] = await tx('chain_cursors').where({
    chain_id: chainId,
    leader,
    status: 'following',
  });
  return rows.map(toState)[0];
}

function toState(row: ChainCursorRow): CursorState {
  return {
    chainId: row.chain_id,
    height: Number(row.height),
    hash: row.hash,
    blockTime: row.block_time,
    finalizedHeight: Number(row.finalized_height),
    version: Number(row.version),
    status: row.status === 'stopped' || row.status === 'behind' ? row.status : 'following',
    stopReason: row.stop_reason === null ? null : stopReason.parse(row.stop_reason),
    fence: Number(row.fence),
  };
}
