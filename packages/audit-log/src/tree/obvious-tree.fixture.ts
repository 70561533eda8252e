import { hexToBytes } from '@noble/hashes/utils.js';
import { appendLeaves } from './append-leaves.ts';
import { emptyRoot, leafHash, nodeHash } from './hashes.ts';
import type { RangeProof } from './range-path.ts';
import { tilesForRoot } from './read-tree.ts';
import { type StoredTile, type Tile, type TileMap, tileKey, tileMap } from './tile.ts';

/** The eight entries of the Certificate Transparency test suite (published: transparency-dev/merkle proof/verify_test.go). */
export const ctEntries = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
].map(hexToBytes);

/** Their roots for the sizes 1 to 8 (same source). */
export const ctRoots = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
].map(hexToBytes);

/** Leaf hashes of `count` different entries. */
export function leavesOf(count: number): Uint8Array[] {
  return Array.from({ length: count }, (_, index) => leafHash(new TextEncoder().encode(`entry ${index}`)));
}

/** MTH of RFC 9162 §2.1.1, word for word. */
export function obviousRoot(leaves: readonly Uint8Array[]): Uint8Array {
  const [only] = leaves;
  if (only === undefined) return emptyRoot();
  if (leaves.length === 1) return only;
  const k = splitOf(leaves.length);
  return nodeHash(obviousRoot(leaves.slice(0, k)), obviousRoot(leaves.slice(k)));
}

/** PATH of RFC 9162 §2.1.3.1, word for word. */
export function obviousInclusion(m: number, leaves: readonly Uint8Array[]): Uint8Array[] {
  if (leaves.length === 1) return [];
  const k = splitOf(leaves.length);
  const [left, right] = [leaves.slice(0, k), leaves.slice(k)];
  return m < k
    ? [...obviousInclusion(m, left), obviousRoot(right)]
    : [...obviousInclusion(m - k, right), obviousRoot(left)];
}

/** SUBPROOF of RFC 9162 §2.1.4.1, word for word; PROOF is the one with `isWhole`. */
export function obviousConsistency(m: number, leaves: readonly Uint8Array[], isWhole = true): Uint8Array[] {
  if (m === leaves.length) return isWhole ? [] : [obviousRoot(leaves)];
  const k = splitOf(leaves.length);
  const [left, right] = [leaves.slice(0, k), leaves.slice(k)];
  return m <= k
    ? [...obviousConsistency(m, left, isWhole), obviousRoot(right)]
    : [...obviousConsistency(m - k, right, false), obviousRoot(left)];
}

/** What stands before and behind the leaves from `start` to `end`, by the definition of MTH alone. */
export function obviousFlanks(start: number, end: number, leaves: readonly Uint8Array[], at = 0): RangeProof {
  const [from, to] = [at, at + leaves.length];
  if (to <= start) return { left: [obviousRoot(leaves)], right: [] };
  if (from >= end) return { left: [], right: [obviousRoot(leaves)] };
  if (start <= from && to <= end) return { left: [], right: [] };
  const k = splitOf(leaves.length);
  const one = obviousFlanks(start, end, leaves.slice(0, k), at);
  const other = obviousFlanks(start, end, leaves.slice(k), at + k);
  return { left: [...one.left, ...other.left], right: [...one.right, ...other.right] };
}

function splitOf(n: number): number {
  return 2 ** (Math.ceil(Math.log2(n)) - 1);
}

/** A store of tiles that keeps one row for each place, as a table would. */
export function tileStore() {
  const rows = new Map<string, StoredTile>();
  let size = 0;
  const read = (tiles: readonly Tile[]): TileMap =>
    tileMap(tiles.flatMap((tile) => rows.get(tileKey(tile)) ?? []));
  const append = (leafHashes: readonly Uint8Array[]): StoredTile[] => {
    const written = appendLeaves({ size, leafHashes }, read(tilesForRoot(size)));
    for (const tile of written) rows.set(tileKey(tile), tile);
    size += leafHashes.length;
    return written;
  };
  return { read, append, size: () => size };
}
