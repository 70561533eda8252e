import { describe, expect, it } from 'vitest';
import { isExtendedBy, isIncluded, leafHash, rootOf } from './merkle-tree.ts';
import { consistencyPath, inclusionPath, rootByDefinition } from './merkle-tree.fixture.ts';

const LARGEST = 33;
const leaves = Array.from({ length: LARGEST }, (_, n) => leafHash(Buffer.of(n)));
const sizes = Array.from({ length: LARGEST }, (_, n) => n + 1);
const OTHER = Buffer.alloc(32, 7);

const placeIn = (size: number, index: number) => ({
  leaf: leaves[index] ?? OTHER,
  index: BigInt(index),
  size: BigInt(size),
  root: rootByDefinition(leaves.slice(0, size)),
});
const treeOf = (size: number) => ({ size: BigInt(size), root: rootByDefinition(leaves.slice(0, size)) });

/** Each way to spoil a path by little: a node changed, left out, or added. */
function spoilt(path: readonly Uint8Array[]): Uint8Array[][] {
  const changed = path.map((_, at) => path.with(at, OTHER));
  const shortened = path.map((_, at) => path.toSpliced(at, 1));
  return [...changed, ...shortened, [...path, OTHER], [OTHER, ...path]];
}

describe('rootOf', () => {
  it('is the root by definition for every size', () => {
    for (const size of sizes) expect(rootOf(leaves.slice(0, size))).toEqual(treeOf(size).root);
  });
});

describe('isIncluded', () => {
  it('holds for each leaf of each tree by its path, and by no spoilt one', () => {
    for (const size of sizes) {
      for (let index = 0; index < size; index++) {
        const path = inclusionPath(leaves.slice(0, size), index);
        expect(isIncluded(placeIn(size, index), path)).toBe(true);
        for (const bad of spoilt(path)) expect(isIncluded(placeIn(size, index), bad)).toBe(false);
      }
    }
  });

  it('does not hold at another place of the same tree', () => {
    for (let index = 0; index < LARGEST; index++) {
      const path = inclusionPath(leaves, index);
      const others = sizes.map((n) => n - 1).filter((other) => other !== index);
      for (const other of others)
        expect(isIncluded({ ...placeIn(LARGEST, index), index: BigInt(other) }, path)).toBe(false);
    }
  });

  it('does not hold beyond the end of a tree, however small', () => {
    for (const size of sizes) {
      const place = placeIn(size, size - 1);
      const path = inclusionPath(leaves.slice(0, size), size - 1);
      for (const index of [size, size + 1, 2 * size])
        expect(isIncluded({ ...place, index: BigInt(index) }, path)).toBe(false);
    }
  });
});

describe('isExtendedBy', () => {
  it('holds for each tree and each larger one by their path, and by no spoilt one', () => {
    for (const size of sizes) {
      for (let first = 1; first < size; first++) {
        const path = consistencyPath(leaves.slice(0, size), first);
        expect(isExtendedBy(treeOf(first), treeOf(size), path)).toBe(true);
        for (const bad of spoilt(path)) expect(isExtendedBy(treeOf(first), treeOf(size), bad)).toBe(false);
      }
    }
  });

  it('does not hold when either root is another one', () => {
    for (const [first, size] of [
      [1, 2],
      [4, 9],
      [5, 9],
      [8, 9],
    ] as const) {
      const path = consistencyPath(leaves.slice(0, size), first);
      expect(isExtendedBy({ ...treeOf(first), root: OTHER }, treeOf(size), path)).toBe(false);
      expect(isExtendedBy(treeOf(first), { ...treeOf(size), root: OTHER }, path)).toBe(false);
    }
  });

  it('does not hold for a tree that has grown and kept its root', () => {
    for (const size of sizes.slice(1)) {
      const before = treeOf(size - 1);
      expect(isExtendedBy(before, { size: BigInt(size), root: before.root }, [before.root])).toBe(false);
    }
  });

  it('holds for a tree and itself, and for no other of its size', () => {
    expect(isExtendedBy(treeOf(5), treeOf(5), [])).toBe(true);
    expect(isExtendedBy(treeOf(5), { size: 5n, root: OTHER }, [])).toBe(false);
  });

  it('does not hold backwards, from nothing, or without a path', () => {
    const path = consistencyPath(leaves.slice(0, 9), 5);
    expect(isExtendedBy(treeOf(9), treeOf(5), path)).toBe(false);
    expect(isExtendedBy({ size: 0n, root: OTHER }, treeOf(5), path)).toBe(false);
    expect(isExtendedBy(treeOf(5), treeOf(9), [])).toBe(false);
  });
});
