import { present } from '@ironforge/kernel';
import { hexToBytes } from '@noble/hashes/utils.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emptyRoot, leafHash } from '../tree/hashes.ts';
import { ctEntries, ctRoots, leavesOf, obviousInclusion, obviousRoot } from '../tree/obvious-tree.fixture.ts';
import { flips, flipsOfProof, otherNumbers } from './bit-changes.fixture.ts';
import { type InclusionClaim, verifyInclusion } from './verify-inclusion.ts';

const LEAVES = leavesOf(600);
const sizes = fc.integer({ min: 1, max: LEAVES.length });
const rootAt = (size: number) => obviousRoot(LEAVES.slice(0, size));

function inclusionOf(index: number, size: number): InclusionClaim {
  const proof = obviousInclusion(index, LEAVES.slice(0, size));
  return { leafHash: present(LEAVES[index], 'leaf'), index, size, root: rootAt(size), proof };
}

/** From the leaf up, on which side the siblings of a leaf stand. */
function shapeOf(index: number, size: number): string {
  if (size === 1) return '';
  const k = 2 ** (Math.ceil(Math.log2(size)) - 1);
  return index < k ? `${shapeOf(index, k)}R` : `${shapeOf(index - k, size - k)}L`;
}

describe('verifyInclusion', () => {
  it.each([
    [0, 1, []],
    [
      0,
      8,
      [
        '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
        '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
        '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
      ],
    ],
    [
      5,
      8,
      [
        'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
        'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
        'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
      ],
    ],
    [2, 3, ['fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125']],
    [
      1,
      5,
      [
        '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
        '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
        'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
      ],
    ],
  ])('takes the published proof of entry %i of %i (transparency-dev/merkle)', (index, size, hashes) => {
    const leaf = leafHash(present(ctEntries[index], 'entry'));
    const root = present(ctRoots[size - 1], 'root');
    expect(verifyInclusion({ leafHash: leaf, index, size, root, proof: hashes.map(hexToBytes) })).toBe('ok');
  });

  it('takes what the obvious tree proves', () => {
    fc.assert(
      fc.property(sizes, fc.nat(), (size, any) => {
        expect(verifyInclusion(inclusionOf(any % size, size))).toBe('ok');
      }),
    );
  });

  it('refuses every single-bit change of leaf, root, proof and index', () => {
    fc.assert(
      fc.property(sizes, fc.nat(), (size, any) => {
        const claim = inclusionOf(any % size, size);
        const changed = [
          ...flips(claim.leafHash).map((leaf) => ({ ...claim, leafHash: leaf })),
          ...flips(claim.root).map((root) => ({ ...claim, root })),
          ...flipsOfProof(claim.proof).map((proof) => ({ ...claim, proof })),
          ...otherNumbers(claim.index).map((index) => ({ ...claim, index })),
        ];
        expect(changed.map(verifyInclusion)).not.toContain('ok');
      }),
      { numRuns: 10 },
    );
  });

  it('refuses every other size at which the way to the leaf has another shape', () => {
    fc.assert(
      fc.property(sizes, fc.nat(), (size, any) => {
        const claim = inclusionOf(any % size, size);
        for (const other of otherNumbers(size)) {
          const isSameShape =
            claim.index < other && shapeOf(claim.index, other) === shapeOf(claim.index, size);
          expect(verifyInclusion({ ...claim, size: other }) === 'ok').toBe(isSameShape);
        }
      }),
    );
  });

  it('refuses a proof with a hash more or less', () => {
    fc.assert(
      fc.property(sizes, fc.nat(), (size, any) => {
        const claim = inclusionOf(any % size, size);
        const { proof, root } = claim;
        const others = [
          [...proof, root],
          [root, ...proof],
          ...(proof.length > 0 ? [proof.slice(1), proof.slice(0, -1)] : []),
        ];
        for (const other of others) {
          expect(verifyInclusion({ ...claim, proof: other })).toBe('wrong_proof_length');
        }
      }),
    );
  });

  it('refuses the right hashes in another order', () => {
    fc.assert(
      fc.property(fc.integer({ min: 3, max: LEAVES.length }), fc.nat(), (size, any) => {
        const claim = inclusionOf(any % (size - 1), size);
        expect(verifyInclusion({ ...claim, proof: claim.proof.toReversed() })).toBe('wrong_root');
      }),
    );
  });

  it.each([
    [{ size: 0 }, 'index_out_of_range'],
    [{ size: 2 ** 53 }, 'size_out_of_range'],
    [{ size: -1 }, 'size_out_of_range'],
    [{ size: 7.5 }, 'size_out_of_range'],
    [{ size: Number.NaN }, 'size_out_of_range'],
    [{ index: 7 }, 'index_out_of_range'],
    [{ index: -1 }, 'index_out_of_range'],
    [{ index: 0.5 }, 'index_out_of_range'],
    [{ leafHash: new Uint8Array() }, 'malformed_hash'],
    [{ root: new Uint8Array(33) }, 'malformed_hash'],
    [{ proof: [new Uint8Array(31)] }, 'malformed_hash'],
  ])('says of a claim with %j: %s', (change, flaw) => {
    expect(verifyInclusion({ ...inclusionOf(3, 7), ...change })).toBe(flaw);
  });

  it('knows no difference between 32 bits and 53: a leaf far right in the largest tree', () => {
    const size = Number.MAX_SAFE_INTEGER;
    const proof = Array.from({ length: 53 }, () => leafHash(hexToBytes('00')));
    const claim = { leafHash: emptyRoot(), index: 2 ** 52 - 1, size, root: emptyRoot(), proof };
    expect(verifyInclusion(claim)).toBe('wrong_root');
    expect(verifyInclusion({ ...claim, proof: proof.slice(1) })).toBe('wrong_proof_length');
  });
});
