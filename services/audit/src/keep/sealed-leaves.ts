import { storedLeaf, tileKey, tilesOfLeaves } from '@ironforge/audit-log';
import { assert, type TenantId } from '@ironforge/kernel';
import type { Tx } from '@ironforge/store';
import { findTiles } from '../queries/audit-tiles.ts';

/** The leaf hashes of sealed entries, as the tree has them, by their numbers; none where its tile is too short: one query. */
export async function sealedLeaves(
  tx: Tx,
  tenantId: TenantId,
  sequences: readonly number[],
): Promise<ReadonlyMap<number, Buffer>> {
  if (sequences.length === 0) return new Map();
  const places = tilesOfLeaves(sequences);
  const tiles = await findTiles(tx, tenantId, places);
  assert(
    places.every((place) => tiles.has(tileKey(place))),
    'the tile of a sealed entry',
  );
  return new Map(
    sequences.flatMap((sequence) => {
      const leaf = storedLeaf(tiles, sequence);
      return leaf === null ? [] : [[sequence, Buffer.from(leaf)] as const];
    }),
  );
}
