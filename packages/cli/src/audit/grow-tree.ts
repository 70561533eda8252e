import {
  appendLeaves,
  HASH_BYTES,
  rootOf,
  type StoredTile,
  type Tile,
  tileKey,
  type TileMap,
  tilesForRoot,
} from '@ironforge/audit-log';
import { present } from '@ironforge/kernel';

/** A tree that grows; of its tiles the right edge is kept, for nothing else is read again. */
export interface GrowingTree {
  readonly size: number;
  readonly edge: TileMap;
}

/** A tree after more leaves, with the tiles that were written, each as wide as it is by now. */
export interface Grown {
  readonly tree: GrowingTree;
  readonly written: readonly StoredTile[];
}

/** Puts leaves at the end of a tree. */
export function grow({ size, edge }: GrowingTree, leafHashes: readonly Uint8Array[]): Grown {
  const written = appendLeaves({ size, leafHashes }, edge);
  const all = new Map([...edge, ...written.map((tile) => [tileKey(tile), tile.bytes] as const)]);
  const newSize = size + leafHashes.length;
  const keys = tilesForRoot(newSize).map(tileKey);
  const kept = keys.map((key) => [key, present(all.get(key), 'a tile at the right edge')] as const);
  return { tree: { size: newSize, edge: new Map(kept) }, written };
}

/** The root of a tree. */
export function rootOfTree({ size, edge }: GrowingTree): Uint8Array {
  return rootOf(size, edge);
}

/** Whether a tree whose edge was read from somewhere is whole and has this root. */
export function hasRoot(tree: GrowingTree, root: Uint8Array): boolean {
  return isWhole(tree.edge, tilesForRoot(tree.size)) && isSame(rootOfTree(tree), root);
}

/** Whether tiles that were read from somewhere are all there, each as wide as it is needed. */
export function isWhole(tiles: TileMap, needed: readonly Tile[]): boolean {
  return needed.every((tile) => (tiles.get(tileKey(tile))?.length ?? 0) >= tile.width * HASH_BYTES);
}

/** Whether two hashes, or rows of them, are the same. */
export function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
