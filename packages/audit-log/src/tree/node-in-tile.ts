import { HASH_BYTES, nodeHash } from './hashes.ts';
import type { PerfectNode } from './range.ts';
import { readTile, TILE_WIDTH, type Tile, type TileMap, type TilePlace, tileWidth } from './tile.ts';

const TILE_HEIGHT = 8;

/** The tile from whose hashes a complete subtree of a tree of `size` leaves is computed. */
export function tileOf(node: PerfectNode, size: number): Tile {
  const { tile } = spotOf(node);
  return { ...tile, width: tileWidth(tile, size) };
}

/** The hash of a complete subtree of a tree of `size` leaves. Throws `tile_missing` or `tile_short`. */
export function hashOfNode(node: PerfectNode, size: number, tiles: TileMap): Uint8Array {
  const { first, count } = spotOf(node);
  const bytes = readTile(tileOf(node, size), tiles);
  return perfectRoot(bytes.slice(first * HASH_BYTES, (first + count) * HASH_BYTES));
}

/** The root over hashes whose number is a power of two. */
export function perfectRoot(hashes: Uint8Array): Uint8Array {
  if (hashes.length === HASH_BYTES) return hashes;
  const middle = hashes.length / 2;
  return nodeHash(perfectRoot(hashes.subarray(0, middle)), perfectRoot(hashes.subarray(middle)));
}

/** Which hashes of which tile stand under a node: `count` of them from `first`. */
interface Spot {
  readonly tile: TilePlace;
  readonly first: number;
  readonly count: number;
}

function spotOf({ height, index }: PerfectNode): Spot {
  const level = Math.floor(height / TILE_HEIGHT);
  const count = 2 ** (height % TILE_HEIGHT);
  const inRow = index * count;
  return { tile: { level, index: Math.floor(inRow / TILE_WIDTH) }, first: inRow % TILE_WIDTH, count };
}
