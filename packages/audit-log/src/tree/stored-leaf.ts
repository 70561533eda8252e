import { HASH_BYTES } from './hashes.ts';
import { TILE_WIDTH, tileKey, type TileMap, type TilePlace } from './tile.ts';

/** The tiles that hold the leaves of entries, each once; the first entry of a log is number 1. */
export function tilesOfLeaves(numbers: readonly number[]): TilePlace[] {
  const indexes = new Set(numbers.map((number) => placeOf(number).index));
  return [...indexes].map((index) => ({ level: 0, index }));
}

/** The leaf hash of an entry as stored tiles have it; null where they have none, or not all of it. */
export function storedLeaf(tiles: TileMap, number: number): Uint8Array | null {
  const at = ((number - 1) % TILE_WIDTH) * HASH_BYTES;
  const hash = tiles.get(tileKey(placeOf(number)))?.subarray(at, at + HASH_BYTES);
  return hash?.length === HASH_BYTES ? hash : null;
}

function placeOf(number: number): TilePlace {
  return { level: 0, index: Math.floor((number - 1) / TILE_WIDTH) };
}
