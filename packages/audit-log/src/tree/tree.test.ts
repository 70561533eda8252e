import { present } from '@ironforge/kernel';
import { bytesToHex } from '@noble/hashes/utils.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { verifyConsistency } from '../proof/verify-consistency.ts';
import { verifyInclusion } from '../proof/verify-inclusion.ts';
import { appendLeaves } from './append-leaves.ts';
import { emptyRoot, leafHash } from './hashes.ts';
import {
  ctEntries,
  ctRoots,
  leavesOf,
  obviousConsistency,
  obviousInclusion,
  obviousRoot,
  tileStore,
} from './obvious-tree.fixture.ts';
import {
  consistencyProof,
  inclusionProof,
  rootOf,
  tilesForConsistency,
  tilesForInclusion,
  tilesForRoot,
} from './read-tree.ts';
import { tileMap } from './tile.ts';

const LEAVES = leavesOf(600);
const sizes = fc.integer({ min: 1, max: LEAVES.length });

function filled(leafHashes: readonly Uint8Array[]) {
  const store = tileStore();
  store.append(leafHashes);
  return store;
}

describe('hashes of RFC 9162', () => {
  it('are those that the Certificate Transparency suite publishes', () => {
    expect(bytesToHex(emptyRoot())).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
    const text = (value: string) => new TextEncoder().encode(value);
    // published: transparency-dev/merkle rfc6962/rfc6962_test.go
    expect(bytesToHex(leafHash(text('L123456')))).toBe(
      '395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56',
    );
  });
});

describe('a tree in tiles', () => {
  it('has the roots that the Certificate Transparency suite publishes', () => {
    const store = tileStore();
    const roots = ctEntries.map((entry, index) => {
      store.append([leafHash(entry)]);
      return rootOf(index + 1, store.read(tilesForRoot(index + 1)));
    });
    expect(roots.map(bytesToHex)).toEqual(ctRoots.map(bytesToHex));
    expect(rootOf(0, tileMap([]))).toEqual(emptyRoot());
  });

  it.each([
    [0, 8, ['96a296d2', '5f083f0a', '6b47aaf2']],
    [5, 8, ['bc1a0643', 'ca854ea1', 'd37ee418']],
    [2, 3, ['fac54203']],
    [1, 5, ['6e340b9c', '5f083f0a', 'bc1a0643']],
  ])('proves entry %i of %i as the suite does', (index, size, begins) => {
    const store = filled(ctEntries.map(leafHash));
    const proof = inclusionProof({ index, size }, store.read(tilesForInclusion({ index, size })));
    expect(proof.map((hash) => bytesToHex(hash).slice(0, 8))).toEqual(begins);
  });

  it.each([
    [1, 1, []],
    [1, 8, ['96a296d2', '5f083f0a', '6b47aaf2']],
    [6, 8, ['0ebc5d34', 'ca854ea1', 'd37ee418']],
    [2, 5, ['5f083f0a', 'bc1a0643']],
    [6, 7, ['0ebc5d34', 'b08693ec', 'd37ee418']],
  ])('proves that size %i became %i as the suite does', (oldSize, newSize, begins) => {
    const store = filled(ctEntries.map(leafHash));
    const growth = { oldSize, newSize };
    const proof = consistencyProof(growth, store.read(tilesForConsistency(growth)));
    expect(proof.map((hash) => bytesToHex(hash).slice(0, 8))).toEqual(begins);
  });

  it('has the root of the obvious tree at every size, however the leaves came in', () => {
    const batches = fc.array(fc.integer({ min: 0, max: 300 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(batches, (counts) => {
        const store = tileStore();
        let size = 0;
        for (const count of counts) {
          const leafHashes = LEAVES.slice(size, size + count);
          store.append(leafHashes);
          size += leafHashes.length;
          expect(rootOf(size, store.read(tilesForRoot(size)))).toEqual(obviousRoot(LEAVES.slice(0, size)));
        }
      }),
      { numRuns: 30 },
    );
  });

  it('proves every leaf at every older size as the obvious tree does, from tiles that have grown since', () => {
    const store = filled(LEAVES);
    fc.assert(
      fc.property(sizes, fc.nat(), (size, any) => {
        const leaf = { index: any % size, size };
        const proof = inclusionProof(leaf, store.read(tilesForInclusion(leaf)));
        expect(proof).toEqual(obviousInclusion(leaf.index, LEAVES.slice(0, size)));
      }),
    );
  });

  it('proves every growth as the obvious tree does', () => {
    const store = filled(LEAVES);
    fc.assert(
      fc.property(sizes, sizes, (one, other) => {
        const growth = { oldSize: Math.min(one, other), newSize: Math.max(one, other) };
        const proof = consistencyProof(growth, store.read(tilesForConsistency(growth)));
        expect(proof).toEqual(obviousConsistency(growth.oldSize, LEAVES.slice(0, growth.newSize)));
      }),
    );
  });

  it('needs nothing but the right edge and what was written for root and consistency proof of the new size', () => {
    fc.assert(
      fc.property(fc.nat(500), fc.integer({ min: 0, max: 90 }), (oldSize, count) => {
        const store = filled(LEAVES.slice(0, oldSize));
        const edge = store.read(tilesForRoot(oldSize));
        const leafHashes = LEAVES.slice(oldSize, oldSize + count);
        const known = new Map([...edge, ...tileMap(appendLeaves({ size: oldSize, leafHashes }, edge))]);
        const newSize = oldSize + count;
        expect(rootOf(newSize, known)).toEqual(obviousRoot(LEAVES.slice(0, newSize)));
        expect(consistencyProof({ oldSize, newSize }, known)).toEqual(
          oldSize === 0 ? [] : obviousConsistency(oldSize, LEAVES.slice(0, newSize)),
        );
      }),
      { numRuns: 50 },
    );
  });
});

describe('a tree of many tiles', () => {
  const leaves = leavesOf(65_800);
  const store = tileStore();
  for (const end of [65_000, 65_536, 65_537, leaves.length]) store.append(leaves.slice(store.size(), end));

  it.each([65_535, 65_536, 65_537, 65_800])(
    'has the right root, and proofs that lead there, at size %i',
    (size) => {
      const root = obviousRoot(leaves.slice(0, size));
      expect(rootOf(size, store.read(tilesForRoot(size)))).toEqual(root);
      for (const index of [0, 255, 256, 65_279, 65_280, size - 1]) {
        const proof = inclusionProof({ index, size }, store.read(tilesForInclusion({ index, size })));
        expect(verifyInclusion({ leafHash: present(leaves[index], 'leaf'), index, size, root, proof })).toBe(
          'ok',
        );
      }
    },
  );

  it.each([1, 256, 65_279, 65_535, 65_536, 65_537])('proves that size %i became 65,800', (oldSize) => {
    const growth = { oldSize, newSize: leaves.length };
    const proof = consistencyProof(growth, store.read(tilesForConsistency(growth)));
    const oldRoot = rootOf(oldSize, store.read(tilesForRoot(oldSize)));
    const newRoot = rootOf(leaves.length, store.read(tilesForRoot(leaves.length)));
    expect(verifyConsistency({ ...growth, oldRoot, newRoot, proof })).toBe('ok');
  });

  it('reads at most two tiles for each level, up to 2^53 - 1 leaves', () => {
    const large = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });
    fc.assert(
      fc.property(large, large, (one, other) => {
        const [oldSize, newSize] = one < other ? [one, other] : [other, one];
        expect(tilesForRoot(newSize).length).toBeLessThanOrEqual(7);
        expect(tilesForInclusion({ index: oldSize - 1, size: newSize }).length).toBeLessThanOrEqual(14);
        expect(tilesForConsistency({ oldSize, newSize }).length).toBeLessThanOrEqual(14);
      }),
    );
  });

  it('writes one tile for one leaf, and one more for each level that becomes full', () => {
    const small = filled(LEAVES.slice(0, 255));
    const placesOf = (leaf: Uint8Array) =>
      small.append([leaf]).map(({ level, index, width }) => [level, index, width]);
    expect(placesOf(emptyRoot())).toEqual([
      [0, 0, 256],
      [1, 0, 1],
    ]);
    expect(placesOf(emptyRoot())).toEqual([[0, 1, 1]]);
  });
});
