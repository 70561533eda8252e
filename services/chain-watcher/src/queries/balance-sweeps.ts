import type { BalanceSweepRow } from '@ironforge/schema';
import type { Tx } from '@ironforge/store';
import type { CursorState } from './chain-cursors.ts';

/** Where in the list of wallets a sweep stands. */
export interface SweepPlace {
  readonly tenantId: string;
  readonly address: string;
}

/** A sweep under way: every balance as it was right after one block. */
export interface OpenSweep {
  readonly chainId: string;
  readonly height: number;
  readonly hash: string;
  readonly blockTime: Date;
  readonly after: SweepPlace | null;
  /** The block of the last whole sweep, while that stands. */
  readonly lastHeight: number | null;
  readonly version: number;
}

/** The sweep under way, or where the last one was; undefined when there was none. */
export async function findSweep(
  tx: Tx,
  chainId: string,
): Promise<OpenSweep | { readonly lastHeight: number | null } | undefined> {
  const row = await tx<BalanceSweepRow>('balance_sweeps').first().where({ chain_id: chainId });
  return row && (toOpen(row) ?? { lastHeight: numberOf(row.last_height) });
}

/** Begins a sweep at the newest block, or goes on there with one that was abandoned, unless somebody did. */
export async function openSweep(
  tx: Tx,
  { chainId, height, hash, blockTime }: Pick<CursorState, 'chainId' | 'height' | 'hash' | 'blockTime'>,
): Promise<void> {
  await tx.raw(
    `INSERT INTO balance_sweeps AS s (chain_id, height, hash, block_time, since_height, version)
     VALUES (:chainId, :height, :hash, :blockTime, :height, 1)
     ON CONFLICT (chain_id) DO UPDATE SET height = excluded.height, hash = excluded.hash, block_time = excluded.block_time,
       since_height = CASE WHEN s.after_tenant IS NULL THEN excluded.height ELSE s.since_height END,
       version = s.version + 1, updated_at = now()
     WHERE s.height IS NULL`,
    { chainId, height, hash, blockTime },
  );
}

/** Moves on behind a wallet; false when somebody else has. */
export async function advanceSweep(tx: Tx, sweep: OpenSweep, to: SweepPlace): Promise<boolean> {
  const place = { after_tenant: to.tenantId, after_address: to.address };
  return await changeSweep(tx, sweep, place);
}

/** Ends a sweep that has come to the last wallet: as far as the block at which it looked at the first ones, it has seen all. */
export async function finishSweep(tx: Tx, sweep: OpenSweep): Promise<void> {
  await changeSweep(tx, sweep, { ...AT_THE_TOP, height: null, last_height: tx.raw('since_height') });
}

const AT_THE_TOP = { after_tenant: null, after_address: null, since_height: null };

/**
 * Leaves the block of a sweep that is not ours any more, or whose state no node has. Its place in the list stays: where there
 * are more wallets than can be read while nodes have a state, the last ones would never have their turn.
 */
export async function abandonSweep(tx: Tx, sweep: OpenSweep): Promise<void> {
  await changeSweep(tx, sweep, { height: null });
}

/** A whole sweep says nothing any more when its block is undone, nor does one under way when one of its blocks is. */
export async function forgetSweptBlock(tx: Tx, chainId: string, height: number): Promise<void> {
  await tx.raw(
    `UPDATE balance_sweeps SET
       last_height = CASE WHEN last_height >= :height THEN NULL ELSE last_height END,
       since_height = CASE WHEN COALESCE(height, :height) >= :height THEN NULL ELSE since_height END
     WHERE chain_id = :chainId AND (last_height >= :height OR COALESCE(height, :height) >= :height)`,
    { chainId, height },
  );
}

async function changeSweep(tx: Tx, { chainId, version }: OpenSweep, change: object): Promise<boolean> {
  const count = await tx('balance_sweeps')
    .where({ chain_id: chainId, version })
    .update({ ...change, version: version + 1, updated_at: tx.fn.now() });
  return count === 1;
}

function toOpen(row: BalanceSweepRow): OpenSweep | undefined {
  const { height, hash, block_time: blockTime, after_tenant: tenantId, after_address: address } = row;
  if (height === null || hash === null || blockTime === null) return undefined;
  return {
    chainId: row.chain_id,
    height: Number(height),
    hash,
    blockTime,
    after: tenantId === null || address === null ? null : { tenantId, address },
    lastHeight: numberOf(row.last_height),
    version: Number(row.version),
  };
}

function numberOf(height: bigint | null): number | null {
  return height === null ? null : Number(height);
}
