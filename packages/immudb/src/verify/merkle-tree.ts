import { isSame, sha256 } from './hash.ts';

/**
 * The tree of RFC 9162 (section 2.1), which immudb builds twice: over the entries of one transaction, and over the hashes of all
 * transactions. Leaves are counted from 0 here.
 */
export function leafHash(data: Uint8Array): Uint8Array {
  return sha256(LEAF, data);
}

const LEAF = Buffer.of(0);
const NODE = Buffer.of(1);

/** The root over leaves that are hashed already; at least one. */
export function rootOf(leaves: readonly Uint8Array[]): Uint8Array {
  let level = leaves;
  while (level.length > 1) level = levelAbove(level);
  const [root] = level;
  if (root === undefined) throw new Error('a tree has at least one leaf');
  return root;
}

function levelAbove(level: readonly Uint8Array[]): Uint8Array[] {
  const above: Uint8Array[] = [];
  for (let at = 0; at < level.length; at += 2) {
    const [left, right] = level.slice(at, at + 2);
    if (left !== undefined) above.push(right === undefined ? left : sha256(NODE, left, right));
  }
  return above;
}

/** A leaf, its place, and the tree that it is said to be in. */
export interface Place {
  readonly leaf: Uint8Array;
  readonly index: bigint;
  readonly size: bigint;
  readonly root: Uint8Array;
}

/** True when the path leads from the leaf to the root, no more and no less (RFC 9162, 2.1.3.2). */
export function isIncluded({ leaf, index, size, root }: Place, path: readonly Uint8Array[]): boolean {
  if (index >= size) return false;
  const way = upFrom(index, size - 1n);
  let hash = leaf;
  for (const sibling of path) {
    if (way.isAtTop()) return false;
    hash = way.comesFromRight() ? sha256(NODE, sibling, hash) : sha256(NODE, hash, sibling);
    way.rise();
  }
  return way.isAtTop() && isSame(hash, root);
}

/** A tree by its size and root. */
export interface Tree {
  readonly size: bigint;
  readonly root: Uint8Array;
}

/**
 * True when the first tree is the beginning of the second (RFC 9162, 2.1.4.2). The path begins with the node from which both
 * roots are reached; immudb also sends it where the RFC leaves it out, since it is the first root itself.
 */
export function isExtendedBy(first: Tree, second: Tree, path: readonly Uint8Array[]): boolean {
  if (first.size < 1n || first.size > second.size) return false;
  if (first.size === second.size) return isSame(first.root, second.root);
  const [start, ...others] = path;
  if (start === undefined) return false;
  const way = upFrom(first.size - 1n, second.size - 1n);
  way.passOdd();
  let [firstHash, secondHash] = [start, start];
  for (const node of others) {
    if (way.isAtTop()) return false;
    if (way.comesFromRight()) {
      firstHash = sha256(NODE, node, firstHash);
      secondHash = sha256(NODE, node, secondHash);
    } else {
      secondHash = sha256(NODE, secondHash, node);
    }
    way.rise();
  }
  return way.isAtTop() && isSame(firstHash, first.root) && isSame(secondHash, second.root);
}

/** The way from a node to the top, beside the way of the last node of its level. */
function upFrom(node: bigint, last: bigint) {
  let [at, end] = [node, last];
  const shift = (): void => {
    at >>= 1n;
    end >>= 1n;
  };
  return {
    isAtTop: () => end === 0n,
    comesFromRight: () => isOdd(at) || at === end,
    passOdd: () => {
      while (isOdd(at)) shift();
    },
    rise: () => {
      // The last node of a level that has no sibling is passed up as it is.
      if (at === end) while (!isOdd(at) && at !== 0n) shift();
      shift();
    },
  };
}

function isOdd(value: bigint): boolean {
  return (value & 1n) === 1n;
}
