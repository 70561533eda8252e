import { present } from '@ironforge/kernel';
import { hexToBytes } from '@noble/hashes/utils.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emptyRoot } from '../tree/hashes.ts';
import { ctRoots, leavesOf, obviousConsistency, obviousRoot } from '../tree/obvious-tree.fixture.ts';
import { flips, flipsOfProof, otherNumbers } from './bit-changes.fixture.ts';
import { type ConsistencyClaim, verifyConsistency, verifyWithoutOldRoot } from './verify-consistency.ts';

const LEAVES = leavesOf(600);
const sizes = fc.integer({ min: 1, max: LEAVES.length });
const rootAt = (size: number) => obviousRoot(LEAVES.slice(0, size));

function consistencyOf(oldSize: number, newSize: number): ConsistencyClaim {
  const proof = oldSize === 0 ? [] : obviousConsistency(oldSize, LEAVES.slice(0, newSize));
  return { oldSize, oldRoot: rootAt(oldSize), newSize, newRoot: rootAt(newSize), proof };
}

describe('verifyConsistency', () => {
  it.each([
    [1, 1, []],
    [
      1,
      8,
      [
        '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
        '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
        '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
      ],
    ],
    [
      6,
      8,
      [
        '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
        'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
        'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
      ],
    ],
    [
      2,
      5,
      [
        '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
        'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
      ],
    ],
    [
      6,
      7,
      [
        '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
        'b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f',
        'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
      ],
    ],
  ])('takes the published proof from size %i to %i (transparency-dev/merkle)', (oldSize, newSize, hashes) => {
    const oldRoot = present(ctRoots[oldSize - 1], 'old root');
    const newRoot = present(ctRoots[newSize - 1], 'new root');
    const proof = hashes.map(hexToBytes);
    expect(verifyConsistency({ oldSize, oldRoot, newSize, newRoot, proof })).toBe('ok');
  });

  it('takes what the obvious tree proves, from nothing and to the same size too', () => {
    fc.assert(
      fc.property(sizes, fc.nat(LEAVES.length), (one, other) => {
        expect(verifyConsistency(consistencyOf(Math.min(one, other), Math.max(one, other)))).toBe('ok');
      }),
    );
  });

  it('refuses every single-bit change of both roots and of the proof', () => {
    fc.assert(
      fc.property(sizes, sizes, (one, other) => {
        const claim = consistencyOf(Math.min(one, other), Math.max(one, other));
        const changed = [
          ...flips(claim.oldRoot).map((oldRoot) => ({ ...claim, oldRoot })),
          ...flips(claim.newRoot).map((newRoot) => ({ ...claim, newRoot })),
          ...flipsOfProof(claim.proof).map((proof) => ({ ...claim, proof })),
        ];
        expect(changed.map(verifyConsistency)).not.toContain('ok');
      }),
      { numRuns: 10 },
    );
  });

  it('refuses every older size but the true one', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 64 }), fc.integer({ min: 1, max: 64 }), (one, other) => {
        const claim = consistencyOf(Math.min(one, other), Math.max(one, other));
        const oldSizes = [...otherNumbers(claim.oldSize), claim.oldSize + 1, claim.oldSize - 1];
        expect(oldSizes.map((oldSize) => verifyConsistency({ ...claim, oldSize }))).not.toContain('ok');
      }),
    );
  });

  it('refuses a tree in which one old leaf was changed', () => {
    fc.assert(
      fc.property(sizes, sizes, fc.nat(), (one, other, any) => {
        const claim = consistencyOf(Math.min(one, other), Math.max(one, other));
        const forged = LEAVES.slice(0, claim.newSize).with(any % claim.oldSize, emptyRoot());
        const proof = obviousConsistency(claim.oldSize, forged);
        expect(verifyConsistency({ ...claim, newRoot: obviousRoot(forged), proof })).not.toBe('ok');
      }),
      { numRuns: 50 },
    );
  });

  it('refuses a proof with a hash more or less', () => {
    fc.assert(
      fc.property(sizes, sizes, (one, other) => {
        const claim = consistencyOf(Math.min(one, other), Math.max(one, other));
        const { proof, newRoot } = claim;
        const others = [
          [...proof, newRoot],
          [newRoot, ...proof],
          ...(proof.length > 0 ? [proof.slice(1), proof.slice(0, -1)] : []),
        ];
        expect(others.map((changed) => verifyConsistency({ ...claim, proof: changed }))).not.toContain('ok');
      }),
    );
  });

  it.each([
    [{ oldSize: 8 }, 'sizes_out_of_order'],
    [{ newSize: 2 ** 53 }, 'size_out_of_range'],
    [{ oldSize: -1 }, 'size_out_of_range'],
    [{ oldSize: 1.5 }, 'size_out_of_range'],
    [{ oldSize: 0 }, 'wrong_proof_length'],
    [{ oldSize: 0, proof: [] }, 'wrong_old_root'],
    [{ oldSize: 7 }, 'wrong_proof_length'],
    [{ oldSize: 7, proof: [] }, 'wrong_new_root'],
    [{ proof: [] }, 'wrong_proof_length'],
    [{ oldRoot: new Uint8Array(31) }, 'malformed_hash'],
    [{ newRoot: new Uint8Array() }, 'malformed_hash'],
    [{ proof: [new Uint8Array(64)] }, 'malformed_hash'],
    [{ oldRoot: emptyRoot() }, 'wrong_old_root'],
    [{ newRoot: emptyRoot() }, 'wrong_new_root'],
  ])('says of a claim from 3 to 7 with %j: %s', (change, flaw) => {
    expect(verifyConsistency({ ...consistencyOf(3, 7), ...change })).toBe(flaw);
  });

  it('gives a tree without entries one root only', () => {
    const nothing = { oldSize: 0, newSize: 0, proof: [] };
    expect(verifyConsistency({ ...nothing, oldRoot: emptyRoot(), newRoot: emptyRoot() })).toBe('ok');
    expect(verifyConsistency({ ...nothing, oldRoot: rootAt(1), newRoot: rootAt(1) })).toBe('wrong_old_root');
    expect(verifyConsistency({ ...nothing, oldRoot: emptyRoot(), newRoot: rootAt(1) })).toBe(
      'wrong_new_root',
    );
  });
});

describe('verifyWithoutOldRoot', () => {
  const isPowerOfTwo = (size: number) => Number.isInteger(Math.log2(size));

  it('takes every right proof', () => {
    fc.assert(
      fc.property(sizes, sizes, (one, other) => {
        const claim = consistencyOf(Math.min(one, other), Math.max(one, other));
        expect(verifyWithoutOldRoot(claim)).toBe('ok');
        expect(verifyWithoutOldRoot(consistencyOf(0, other))).toBe('ok');
      }),
    );
  });

  it('refuses every changed bit of a proof that holds the older root, and any other length', () => {
    fc.assert(
      fc.property(sizes, sizes, (one, other) => {
        const claim = consistencyOf(Math.min(one, other), Math.max(one, other));
        const flaws = flipsOfProof(claim.proof).map((proof) => verifyWithoutOldRoot({ ...claim, proof }));
        expect(new Set(flaws).has('ok')).toBe(isPowerOfTwo(claim.oldSize) && claim.proof.length > 0);
        const longer = [...claim.proof, emptyRoot()];
        expect(verifyWithoutOldRoot({ ...claim, proof: longer })).toBe('wrong_proof_length');
      }),
      { numRuns: 10 },
    );
  });

  it('refuses sizes that are out of order or none', () => {
    const claim = consistencyOf(3, 7);
    expect(verifyWithoutOldRoot({ ...claim, oldSize: 8 })).toBe('sizes_out_of_order');
    expect(verifyWithoutOldRoot({ ...claim, oldSize: -1 })).toBe('size_out_of_range');
    expect(verifyWithoutOldRoot({ ...claim, newSize: 2 ** 53 })).toBe('size_out_of_range');
  });
});
