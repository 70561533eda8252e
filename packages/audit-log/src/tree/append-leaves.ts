import { assert } from '@ironforge/kernel';
import { concatBytes } from '@noble/hashes/utils.js';
import { HASH_BYTES, isHash } from './hashes.ts';
import { perfectRoot } from './node-in-tile.ts';
import { isTreeSize } from './size.ts';
import { readTile, type StoredTile, TILE_WIDTH, type TileMap } from './tile.ts';

/** What is put at the end of a tree of `size` leaves. */
export interface NewLeaves {
  readonly size: number;
  readonly leafHashes: readonly Uint8Array[];
}

/**
 * The tiles that new leaves add or make wider, in the order of their level and index; `tiles` holds those of `tilesForRoot`.
 * Together with these they are all that root and consistency proof of the new tree need. Throws `tile_missing` or `tile_short`.
 */
export function appendLeaves({ size, leafHashes }: NewLeaves, tiles: TileMap): StoredTile[] {
  assert(isTreeSize(size) && isTreeSize(size + leafHashes.length), 'a tree has 0 to 2^53 - 1 leaves');
  assert(leafHashes.every(isHash), 'a leaf hash has 32 bytes');
  const written: StoredTile[] = [];
  let hashes = leafHashes;
  for (let level = 0; hashes.length > 0; level += 1) {
    const row = extendRow({ level, count: Math.floor(size / TILE_WIDTH ** level) }, hashes, tiles);
    written.push(...row);
    hashes = row.filter(({ width }) => width === TILE_WIDTH).map(({ bytes }) => perfectRoot(bytes));
  }
  return written;
}

/** One level of a tree with the number of its hashes so far. */
interface Row {
  readonly level: number;
  readonly count: number;
}

function extendRow(row: Row, hashes: readonly Uint8Array[], tiles: TileMap): StoredTile[] {
  const bytes = concatBytes(lastPartialTile(row, tiles), ...hashes);
  const first = Math.floor(row.count / TILE_WIDTH);
  return cut(bytes).map((part, offset) => ({
    level: row.level,
    index: first + offset,
    width: part.length / HASH_BYTES,
    bytes: part,
  }));
}

function lastPartialTile({ level, count }: Row, tiles: TileMap): Uint8Array {
  const width = count % TILE_WIDTH;
  if (width === 0) return new Uint8Array();
  return readTile({ level, index: Math.floor(count / TILE_WIDTH), width }, tiles);
}

function cut(bytes: Uint8Array): Uint8Array[] {
  const tileBytes = TILE_WIDTH * HASH_BYTES;
  const tiles = Math.ceil(bytes.length / tileBytes);
  return Array.from({ length: tiles }, (_, tile) => bytes.slice(tile * tileBytes, (tile + 1) * tileBytes));
}
