import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { leavesOf, obviousFlanks, obviousRoot, tileStore } from '../tree/obvious-tree.fixture.ts';
import type { RangeProof } from '../tree/range-path.ts';
import { rangeProof, tilesForRange } from '../tree/read-tree.ts';
import { flips, flipsOfProof } from './bit-changes.fixture.ts';
import { foldRange, type RangeClaim } from './fold-range.ts';

const LEAVES = leavesOf(600);
const STORE = tileStore();
STORE.append(LEAVES);

/** A tree, and some leaves next to each other in it. */
const ranges = fc
  .integer({ min: 1, max: LEAVES.length })
  .chain((size) =>
    fc
      .tuple(fc.integer({ min: 0, max: size - 1 }), fc.integer({ min: 1, max: size }))
      .map(([start, length]) => ({ size, start, end: Math.min(size, start + length) })),
  );
type Place = { readonly size: number; readonly start: number; readonly end: number };

function proofOf(place: Place): RangeProof {
  return rangeProof(place, STORE.read(tilesForRange(place)));
}

function claimOf(place: Place): RangeClaim {
  const root = obviousRoot(LEAVES.slice(0, place.size));
  return { first: place.start, size: place.size, root, proof: proofOf(place) };
}

function judged(claim: RangeClaim, leaves: readonly Uint8Array[]) {
  const fold = foldRange(claim);
  for (const leaf of leaves) fold.add(leaf);
  return fold.verdict();
}

const leavesIn = ({ start, end }: Place) => LEAVES.slice(start, end);
/** Small enough to look at all of it. */
const PLACES = [
  [1, 0, 1],
  [8, 0, 8],
  [7, 0, 3],
  [13, 5, 9],
  [13, 12, 13],
  [21, 1, 20],
].map(([size = 0, start = 0, end = 0]) => ({ size, start, end }));

describe('a proof of a range', () => {
  it('has the hashes that stand beside it in the tree of RFC 9162, whatever the range', () => {
    fc.assert(
      fc.property(ranges, (place) => {
        expect(proofOf(place)).toEqual(obviousFlanks(place.start, place.end, LEAVES.slice(0, place.size)));
      }),
    );
  });

  it('leads with the leaves of the range to the root', () => {
    fc.assert(
      fc.property(ranges, (place) => {
        expect(judged(claimOf(place), leavesIn(place))).toBe('ok');
      }),
    );
  });

  it('has at most two hashes for each row of the tree', () => {
    fc.assert(
      fc.property(ranges, (place) => {
        const { left, right } = proofOf(place);
        expect(Math.max(left.length, right.length)).toBeLessThanOrEqual(Math.ceil(Math.log2(place.size)));
      }),
    );
  });
});

describe.each(PLACES)('leaves $start to $end of $size', (place) => {
  const claim = claimOf(place);
  const leaves = leavesIn(place);

  it('are refused with any bit changed, in a leaf, a hash of the proof or the root', () => {
    for (const [at, leaf] of leaves.entries())
      for (const flipped of flips(leaf)) expect(judged(claim, leaves.with(at, flipped))).toBe('wrong_root');
    const { left, right } = claim.proof;
    const proofs = [
      ...flipsOfProof(left).map((changed) => ({ left: changed, right })),
      ...flipsOfProof(right).map((changed) => ({ left, right: changed })),
    ];
    for (const proof of proofs) expect(judged({ ...claim, proof }, leaves)).toBe('wrong_root');
    for (const root of flips(claim.root)) expect(judged({ ...claim, root }, leaves)).toBe('wrong_root');
  });

  it('are refused with one left out, put in, told twice, or two swapped', () => {
    const other = LEAVES[599] ?? new Uint8Array(32);
    for (const at of leaves.keys()) {
      const forged = [
        leaves.toSpliced(at, 1),
        leaves.toSpliced(at, 0, other),
        leaves.toSpliced(at, 0, ...leaves.slice(at, at + 1)),
        ...(at === 0 ? [] : [leaves.toSpliced(at - 1, 2, ...leaves.slice(at - 1, at + 1).toReversed())]),
      ];
      for (const one of forged) expect(judged(claim, one)).not.toBe('ok');
    }
  });

  it('are refused at any other place, and in any other tree', () => {
    const places = Array.from({ length: place.size + 1 }, (_, at) => at).filter((at) => at !== place.start);
    for (const first of places) expect(judged({ ...claim, first }, leaves)).not.toBe('ok');
    // Only what has another shape: the size is taken from whoever signed it with the root.
    for (const size of [place.end - 1, place.size * 2 + 1, 600])
      expect(judged({ ...claim, size }, leaves)).not.toBe('ok');
  });

  it('are refused with a hash of the proof left out or put in', () => {
    const { left, right } = claim.proof;
    const more = claim.root;
    const proofs = [
      { left: [...left, more], right },
      { left, right: [...right, more] },
      { left, right: [more, ...right] },
      ...left.map((_, at) => ({ left: left.toSpliced(at, 1), right })),
      ...right.map((_, at) => ({ left, right: right.toSpliced(at, 1) })),
    ];
    for (const proof of proofs) expect(judged({ ...claim, proof }, leaves)).toBe('wrong_proof_length');
  });
});

describe('what is no claim about a range', () => {
  const claim = claimOf({ size: 13, start: 5, end: 9 });
  it.each([
    ['no leaf at all', claim, [], 'index_out_of_range'],
    ['more leaves than the tree has', claim, LEAVES.slice(5, 20), 'index_out_of_range'],
    ['a place below 0', { ...claim, first: -1 }, LEAVES.slice(5, 9), 'index_out_of_range'],
    ['a size with a fraction', { ...claim, size: 13.5 }, LEAVES.slice(5, 9), 'size_out_of_range'],
    ['half a root', { ...claim, root: claim.root.slice(16) }, LEAVES.slice(5, 9), 'malformed_hash'],
  ] as const)('is refused: %s', (_, forged, leaves, flaw) => {
    expect(judged(forged, leaves)).toBe(flaw);
  });
});
