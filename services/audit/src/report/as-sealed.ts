import { HASH_BYTES, leafHash, TILE_WIDTH, tileKey, type TileMap } from '@ironforge/audit-log';
import type { TenantId } from '@ironforge/kernel';
import type { Tx } from '@ironforge/store';
import type { SealedEntry } from '../queries/mined-entries.ts';
import { findTiles } from '../queries/audit-tiles.ts';

/** Tells whether the text of an entry is the one that was sealed. */
export type IsSealed = (entry: Pick<SealedEntry, 'sequence' | 'canonical'>) => boolean;

/** By the leaves of the stored tree, for these entries: one query. What has no leaf was not sealed. */
export async function asSealed(
  tx: Tx,
  tenantId: TenantId,
  entries: readonly SealedEntry[],
): Promise<IsSealed> {
  const indexes = [...new Set(entries.map(({ sequence }) => tileOf(sequence)))];
  const places = indexes.map((index) => ({ level: 0, index }));
  const tiles = await findTiles(tx, tenantId, places);
  return ({ sequence, canonical }) => {
    const leaf = leafIn(tiles, sequence);
    return leaf !== null && Buffer.from(leafHash(Buffer.from(canonical))).equals(leaf);
  };
}

function leafIn(tiles: TileMap, sequence: bigint): Uint8Array | null {
  const at = ((Number(sequence) - 1) % TILE_WIDTH) * HASH_BYTES;
  const tile = tiles.get(tileKey({ level: 0, index: tileOf(sequence) }));
  return tile === undefined ? null : tile.subarray(at, at + HASH_BYTES);
}

function tileOf(sequence: bigint): number {
  return Math.floor((Number(sequence) - 1) / TILE_WIDTH);
}
