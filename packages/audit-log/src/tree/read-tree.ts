import { assert } from '@ironforge/kernel';
import { emptyRoot, nodeHash } from './hashes.ts';
import { hashOfNode, tileOf } from './node-in-tile.ts';
import { consistencyPath, inclusionPath } from './paths.ts';
import { perfectNodesOf, type Range } from './range.ts';
import { flanksOf, type RangeProof } from './range-path.ts';
import { isTreeSize } from './size.ts';
import { type Tile, type TileMap, tileKey } from './tile.ts';

/** A leaf, counted from 0, and the number of leaves of the tree in which it is to be proved. */
export interface LeafInTree {
  readonly index: number;
  readonly size: number;
}

/** Two sizes of one tree, the older one at most as large as the newer one. */
export interface Growth {
  readonly oldSize: number;
  readonly newSize: number;
}

/** Leaves next to each other, counted from 0, `end` not included, at least one; and the size of the tree in which they are to be proved. */
export interface LeavesInTree {
  readonly start: number;
  readonly end: number;
  readonly size: number;
}

/** The tiles that `rootOf` and `appendLeaves` read of a tree: its right edge, at most seven. */
export function tilesForRoot(size: number): Tile[] {
  return tilesUnder([wholeTree(size)], size);
}

/** The root hash of a tree (RFC 9162 §2.1.1). Throws `tile_missing` or `tile_short`. */
export function rootOf(size: number, tiles: TileMap): Uint8Array {
  return size === 0 ? emptyRoot() : hashOfRange(wholeTree(size), size, tiles);
}

/** The tiles that `inclusionProof` reads: at most two for each level. */
export function tilesForInclusion(leaf: LeafInTree): Tile[] {
  return tilesUnder(pathOf(leaf), leaf.size);
}

/** The hashes that lead from a leaf to the root, the leaf's neighbour first (RFC 9162 §2.1.3.1). Throws `tile_missing` or `tile_short`. */
export function inclusionProof(leaf: LeafInTree, tiles: TileMap): Uint8Array[] {
  return pathOf(leaf).map((range) => hashOfRange(range, leaf.size, tiles));
}

/** The tiles that `consistencyProof` reads: at most two for each level. */
export function tilesForConsistency(growth: Growth): Tile[] {
  return tilesUnder(pathBetween(growth), growth.newSize);
}

/** The hashes that lead from the older root to the newer one, none from size 0 (RFC 9162 §2.1.4.1). Throws `tile_missing` or `tile_short`. */
export function consistencyProof(growth: Growth, tiles: TileMap): Uint8Array[] {
  return pathBetween(growth).map((range) => hashOfRange(range, growth.newSize, tiles));
}

/** The tiles that `rangeProof` reads: at most two for each level. */
export function tilesForRange(leaves: LeavesInTree): Tile[] {
  const { left, right } = flanksIn(leaves);
  return tilesUnder([...left, ...right], leaves.size);
}

/** The hashes that prove leaves to be all those of a range, as `foldRange` takes them. Throws `tile_missing` or `tile_short`. */
export function rangeProof(leaves: LeavesInTree, tiles: TileMap): RangeProof {
  const { left, right } = flanksIn(leaves);
  const hash = (range: Range) => hashOfRange(range, leaves.size, tiles);
  return { left: left.map(hash), right: right.map(hash) };
}

function wholeTree(size: number): Range {
  assert(isTreeSize(size), 'a tree has 0 to 2^53 - 1 leaves');
  return { start: 0, end: size };
}

function pathOf({ index, size }: LeafInTree): Range[] {
  assert(Number.isSafeInteger(index) && index >= 0 && index < size, 'the leaf is in the tree');
  return inclusionPath(index, wholeTree(size));
}

function pathBetween({ oldSize, newSize }: Growth): Range[] {
  assert(isTreeSize(oldSize) && oldSize <= newSize, 'a tree only grows');
  return oldSize === 0 ? [] : consistencyPath(oldSize, wholeTree(newSize));
}

function flanksIn({ start, end, size }: LeavesInTree) {
  assert(isTreeSize(start) && start < end && end <= size, 'the leaves are in the tree');
  return flanksOf({ start, end }, wholeTree(size));
}

function tilesUnder(ranges: readonly Range[], size: number): Tile[] {
  const tiles = ranges.flatMap(perfectNodesOf).map((node) => tileOf(node, size));
  return [...new Map(tiles.map((tile) => [tileKey(tile), tile])).values()];
}

function hashOfRange(range: Range, size: number, tiles: TileMap): Uint8Array {
  return perfectNodesOf(range)
    .map((node) => hashOfNode(node, size, tiles))
    .reduceRight((right, left) => nodeHash(left, right));
}
