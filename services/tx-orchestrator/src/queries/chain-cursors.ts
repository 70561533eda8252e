import type { ChainCursorRow } from '@ironforge/schema';
import type { Tx } from '@ironforge/store';

/** The height that the watcher has followed a chain to; null before its first block. */
export async function findHead(tx: Tx, chainId: string): Promise<number | null> {
  const [cursor] = await tx('chain_cursors')
    .select<Pick<ChainCursorRow, 'height'>[]>('height')
    .where({ chain_id: chainId });
  return cursor === undefined ? null : Number(cursor.height);
}

/** The same for the chain of a request, whose row need not be known. */
export async function findHeadOf(
  tx: Tx,
  { tenantId, id }: { readonly tenantId: string; readonly id: string },
): Promise<number | null> {
  const own = tx('tx_requests').select('chain_id').where({ tenant_id: tenantId, id });
  const [cursor] = await tx('chain_cursors')
    .select<Pick<ChainCursorRow, 'height'>[]>('height')
    .where('chain_id', own);
  return cursor === undefined ? null : Number(cursor.height);
}

/** How far the watcher has come on a chain. */
export interface ChainHeights {
  readonly head: number;
  readonly finalized: number;
}

/** The heights of all chains, by chain id. */
export async function findHeights(tx: Tx): Promise<ReadonlyMap<string, ChainHeights>> {
  const rows = await tx('chain_cursors').select<
    Pick<ChainCursorRow, 'chain_id' | 'height' | 'finalized_height'>[]
  >('chain_id', 'height', 'finalized_height');
  return new Map(
    rows.map(({ chain_id, height, finalized_height }) => [
      chain_id,
      { head: Number(height), finalized: Number(finalized_height) },
    ]),
  );
}
