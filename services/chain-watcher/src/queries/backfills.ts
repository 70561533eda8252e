import type { BackfillRow } from '@ironforge/schema';
import type { Tx } from '@ironforge/store';

/** Blocks from before a wallet was watched that are read for it. */
export type Backfill = BackfillRow;

/** Begins one; undefined when the wallet has one under way. */
export async function insertBackfill(
  tx: Tx,
  backfill: Pick<BackfillRow, 'id' | 'tenant_id' | 'wallet_id' | 'user_id' | 'chain_id' | 'address'> & {
    readonly from_height: number;
    readonly to_height: number;
  },
): Promise<Backfill | undefined> {
  const { rows } = await tx.raw<{ rows: Backfill[] }>(
    `INSERT INTO backfills (id, tenant_id, wallet_id, user_id, chain_id, address, from_height, to_height, next_height, status)
     VALUES (:id, :tenant_id, :wallet_id, :user_id, :chain_id, :address, :from_height, :to_height, :from_height, 'running')
     ON CONFLICT (tenant_id, wallet_id) WHERE status = 'running' DO NOTHING
     RETURNING *`,
    backfill,
  );
  return rows[0];
}

/** The backfills of a wallet, newest first. */
export async function listBackfills(tx: Tx, tenantId: string, walletId: string): Promise<Backfill[]> {
  return await tx('backfills')
    .select<Backfill[]>()
    .where({ tenant_id: tenantId, wallet_id: walletId })
    .orderByRaw('created_at DESC')
    .limit(LISTED);
}

const LISTED = 100;
/** So many that stand at the same height are served by one reading of a block. */
const SERVED = 1_000;

/** Backfills of a chain that stand at the same height, and where the next ones stand. */
export interface Standing {
  readonly standing: readonly Backfill[];
  readonly following: number | null;
}

/** Those that are furthest behind: as they catch up with others, one reading serves all of them. */
export async function findLowestBackfills(tx: Tx, chainId: string): Promise<Standing> {
  return await findAt(tx, chainId, await running(tx, chainId).orderByRaw('next_height'));
}

/**
 * Those that stand where the one with the fewest blocks left does: so a long one holds up no short one. Those that are stuck at
 * one of these heights come last.
 */
export async function findShortestBackfills(
  tx: Tx,
  chainId: string,
  stuck: readonly number[],
): Promise<Standing> {
  return await findAt(
    tx,
    chainId,
    await running(tx, chainId).orderByRaw(
      'next_height = ANY(CAST(? AS INT8[])), to_height - next_height, next_height',
      [[...stuck]],
    ),
  );
}

function running(tx: Tx, chainId: string) {
  return tx('backfills')
    .first<Pick<Backfill, 'next_height'> | undefined>('next_height')
    .where({ chain_id: chainId, status: 'running' });
}

async function findAt(
  tx: Tx,
  chainId: string,
  first: Pick<Backfill, 'next_height'> | undefined,
): Promise<Standing> {
  if (first === undefined) return { standing: [], following: null };
  const { next_height: height } = first;
  const standing = await tx('backfills')
    .select<Backfill[]>()
    .where({ chain_id: chainId, status: 'running', next_height: height })
    .orderByRaw('tenant_id, wallet_id')
    .limit(SERVED);
  const next = await running(tx, chainId)
    .whereRaw('next_height > ?', [Number(height)])
    .orderByRaw('next_height');
  return { standing, following: next === undefined ? null : Number(next.next_height) };
}

/** Notes that the blocks below a height are read; gives those that nobody else had moved on. */
export async function advanceBackfills(
  tx: Tx,
  ids: readonly string[],
  { from, to }: { readonly from: number; readonly to: number },
): Promise<string[]> {
  const { rows } = await tx.raw<{ rows: { id: string }[] }>(
    `UPDATE backfills SET next_height = :to, updated_at = now(),
       status = CASE WHEN to_height < :to THEN 'done' ELSE 'running' END
     WHERE id = ANY(:ids) AND next_height = :from AND status = 'running'
     RETURNING id`,
    { ids: [...ids], from, to },
  );
  return rows.map(({ id }) => id);
}
