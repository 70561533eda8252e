import { provenTiles, storedLeaf, tilesToProve, type TreeHead } from '@ironforge/audit-log';
import type { TenantId } from '@ironforge/kernel';
import type { Tx } from '@ironforge/store';
import { findTiles } from '../queries/audit-tiles.ts';

/** Entries by their numbers, and the signed head under which they are to be proved. */
export interface LeavesWanted {
  readonly numbers: readonly number[];
  readonly head: TreeHead;
}

/**
 * The leaf hashes of sealed entries by their numbers, as far as the stored tiles lead from them to the root that was signed; none
 * where somebody has changed a tile, or where the tree of that size has none: one query.
 */
export async function provenLeaves(
  tx: Tx,
  tenantId: TenantId,
  { numbers, head }: LeavesWanted,
): Promise<ReadonlyMap<number, Buffer>> {
  if (numbers.length === 0) return new Map();
  const wanted = tilesToProve(numbers, head.size);
  const proven = provenTiles(await findTiles(tx, tenantId, wanted), wanted, head);
  return new Map(
    numbers.flatMap((number) => {
      const leaf = number > head.size ? null : storedLeaf(proven, number);
      return leaf === null ? [] : [[number, Buffer.from(leaf)] as const];
    }),
  );
}
