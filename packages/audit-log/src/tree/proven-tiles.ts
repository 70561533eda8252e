import { HASH_BYTES, sameBytes } from './hashes.ts';
import { perfectRoot } from './node-in-tile.ts';
import { rootOf, tilesForRoot } from './read-tree.ts';
import { tilesOfLeaves } from './stored-leaf.ts';
import { TILE_WIDTH, type Tile, type TileMap, tileKey, type TilePlace, tileWidth } from './tile.ts';

/** A tree by its size and its root. */
export interface TreeHead {
  readonly size: number;
  readonly root: Uint8Array;
}

/** The tiles that prove the leaves of entries: those that hold them, all that stand above these, and the right edge. */
export function tilesToProve(numbers: readonly number[], size: number): Tile[] {
  const within = numbers.filter((number) => number <= size);
  const above = tilesOfLeaves(within).flatMap((place) => upFrom(place, size));
  const tiles = [...above, ...tilesForRoot(size)];
  return [...new Map(tiles.map((tile) => [tileKey(tile), tile])).values()];
}

/**
 * Those of stored tiles that lead to the root, each as wide as it is in a tree of that size; none when the right edge does not.
 * Whoever changes a leaf where it is stored changes no root that was signed.
 */
export function provenTiles(stored: TileMap, wanted: readonly Tile[], head: TreeHead): TileMap {
  const edge = tilesForRoot(head.size);
  if (!edge.every((tile) => isThere(tile, stored)) || !sameBytes(rootOf(head.size, stored), head.root))
    return new Map();
  const proven = new Map(edge.map((tile) => [tileKey(tile), bytesOf(tile, stored)]));
  const downwards = wanted.toSorted((a, b) => b.level - a.level);
  for (const tile of downwards)
    if (leadsUp(tile, stored, proven)) proven.set(tileKey(tile), bytesOf(tile, stored));
  return proven;
}

function upFrom(place: TilePlace, size: number): Tile[] {
  const width = tileWidth(place, size);
  return width === 0 ? [] : [{ ...place, width }, ...upFrom(parentOf(place), size)];
}

function parentOf({ level, index }: TilePlace): TilePlace {
  return { level: level + 1, index: Math.floor(index / TILE_WIDTH) };
}

/** Only a full tile has a hash above it; what is narrower stands at the right edge. */
function leadsUp(tile: Tile, stored: TileMap, proven: TileMap): boolean {
  if (tile.width < TILE_WIDTH || !isThere(tile, stored)) return false;
  const at = (tile.index % TILE_WIDTH) * HASH_BYTES;
  const above = proven.get(tileKey(parentOf(tile)))?.subarray(at, at + HASH_BYTES);
  return above !== undefined && sameBytes(perfectRoot(bytesOf(tile, stored)), above);
}

function isThere({ width, ...place }: Tile, stored: TileMap): boolean {
  const { length } = stored.get(tileKey(place)) ?? [];
  return length >= width * HASH_BYTES && length % HASH_BYTES === 0;
}

function bytesOf({ width, ...place }: Tile, stored: TileMap): Uint8Array {
  return Uint8Array.from(stored.get(tileKey(place)) ?? []).subarray(0, width * HASH_BYTES);
}
