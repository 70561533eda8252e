import { AppError } from '@ironforge/kernel';
import { HASH_BYTES } from './hashes.ts';

/** How many hashes a full tile has: the lower ends of a subtree of height 8 (C2SP tlog-tiles, Parameters). */
export const TILE_WIDTH = 256;

/** Where a tile stands: level 0 holds leaf hashes, every level above the hashes of full tiles below it (C2SP tlog-tiles). */
export interface TilePlace {
  readonly level: number;
  readonly index: number;
}

/** A tile as it is in a tree of a certain size, 1 to 256 hashes wide. */
export interface Tile extends TilePlace {
  readonly width: number;
}

/** A tile with its hashes, one after the other, 32 bytes each. */
export interface StoredTile extends Tile {
  readonly bytes: Uint8Array;
}

/** The bytes of tiles by `tileKey`. Bytes beyond the width that is asked for do no harm: tiles only grow at their end. */
export type TileMap = ReadonlyMap<string, Uint8Array>;

/** Level and index as one text, the key of a `TileMap`. */
export function tileKey({ level, index }: TilePlace): string {
  return `${level}/${index}`;
}

/** A `TileMap` of tiles; of two at the same place the later one counts, so what was just written goes last. */
export function tileMap(tiles: Iterable<TilePlace & { readonly bytes: Uint8Array }>): TileMap {
  return new Map(Array.from(tiles, (tile) => [tileKey(tile), tile.bytes]));
}

/** The path under which a log serves a tile: `tile/0/x001/x234/067`, with `.p/112` when partial (C2SP tlog-tiles, Merkle Tree). */
export function tilePath({ level, index, width }: Tile): string {
  const digits = String(index);
  const padded = digits.padStart(Math.ceil(digits.length / 3) * 3, '0');
  const path = padded.replaceAll(/\d{3}(?!$)/g, 'x$&/');
  return `tile/${level}/${path}${width === TILE_WIDTH ? '' : `.p/${width}`}`;
}

/** How many hashes a tile has in a tree of `size` leaves: 256, less at the right edge, 0 beyond it. */
export function tileWidth({ level, index }: TilePlace, size: number): number {
  const hashes = Math.floor(size / TILE_WIDTH ** level) - index * TILE_WIDTH;
  return Math.max(0, Math.min(TILE_WIDTH, hashes));
}

/** The hashes of a tile. Throws `tile_missing` or `tile_short`, both naming the tile by its path. */
export function readTile(tile: Tile, tiles: TileMap): Uint8Array {
  const bytes = tiles.get(tileKey(tile));
  if (bytes === undefined) throw new AppError('tile_missing', { detail: tilePath(tile) });
  const needed = tile.width * HASH_BYTES;
  if (bytes.length < needed || bytes.length % HASH_BYTES !== 0) {
    throw new AppError('tile_short', { detail: `${tilePath(tile)} has ${bytes.length} of ${needed} bytes` });
  }
  return new Uint8Array(bytes.subarray(0, needed));
}
