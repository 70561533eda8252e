import { assert } from '@ironforge/kernel';
import { isHash, nodeHash, sameBytes } from '../tree/hashes.ts';
import { halvesOf, perfectNodesOf, type Range } from '../tree/range.ts';
import type { RangeProof } from '../tree/range-path.ts';
import { isTreeSize } from '../tree/size.ts';

/** What is said to be proved: that leaves which are told one by one are those from `first` on, counted from 0, of a tree. */
export interface RangeClaim {
  readonly first: number;
  readonly size: number;
  readonly root: Uint8Array;
  readonly proof: RangeProof;
}

/** Why leaves were not proved to be those of a range. */
export type RangeFlaw =
  | 'size_out_of_range'
  | 'index_out_of_range'
  | 'malformed_hash'
  | 'wrong_proof_length'
  | 'wrong_root';

/** Takes leaf after leaf and holds one hash for each row of the tree, whatever their number. */
export interface RangeFold {
  readonly add: (leafHash: Uint8Array) => void;
  /** Whether the leaves that were told are exactly those from the first to the last of them. */
  readonly verdict: () => 'ok' | RangeFlaw;
}

/**
 * Checks that leaves are all those of a range of a tree, in their order, with none left out and none put in; never throws for
 * what a proof says. It is the way of RFC 9162 §2.1.1 over the whole tree, with the proof's hashes where no leaf is known.
 */
export function foldRange(claim: RangeClaim): RangeFold {
  const flaw = flawOf(claim);
  const known: Known[] = flaw === null ? leftOf(claim) : [];
  let end = claim.first;
  return {
    add: (leafHash) => {
      assert(isHash(leafHash), 'a leaf hash has 32 bytes');
      end += 1;
      if (flaw === null) push(known, { hash: leafHash, leaves: 1 });
    },
    verdict: () => flaw ?? verdictOf(claim, known, end),
  };
}

/** The root of a complete subtree. */
interface Known {
  readonly hash: Uint8Array;
  readonly leaves: number;
}

function flawOf({ first, size, root, proof }: RangeClaim): RangeFlaw | null {
  if (!isTreeSize(size)) return 'size_out_of_range';
  if (!isTreeSize(first) || first >= size) return 'index_out_of_range';
  if (![root, ...proof.left, ...proof.right].every(isHash)) return 'malformed_hash';
  return proof.left.length === perfectNodesOf({ start: 0, end: first }).length ? null : 'wrong_proof_length';
}

/** What stands before the range are complete subtrees, one for each bit of their number. */
function leftOf({ first, proof }: RangeClaim): Known[] {
  return perfectNodesOf({ start: 0, end: first }).flatMap(({ height }, at) => {
    const hash = proof.left[at];
    return hash === undefined ? [] : [{ hash, leaves: 2 ** height }];
  });
}

/** Two complete subtrees of one height beside each other are one of the next height. */
function push(known: Known[], node: Known): void {
  let top = node;
  for (let before = known.at(-1); before?.leaves === top.leaves; before = known.at(-1)) {
    known.pop();
    top = { hash: nodeHash(before.hash, top.hash), leaves: 2 * top.leaves };
  }
  known.push(top);
}

function verdictOf({ first, size, root, proof }: RangeClaim, known: readonly Known[], end: number) {
  if (end === first || end > size) return 'index_out_of_range';
  const parts = { end, inside: [...known], behind: [...proof.right] };
  const computed = hashOver({ start: 0, end: size }, parts);
  if (computed === null || parts.behind.length > 0) return 'wrong_proof_length';
  return sameBytes(computed, root) ? 'ok' : 'wrong_root';
}

interface Parts {
  /** Where the known leaves end. */
  readonly end: number;
  /** What is left of the known subtrees, and of the proof, from the left. */
  readonly inside: Known[];
  readonly behind: Uint8Array[];
}

/** Null when the proof has too few hashes. */
function hashOver(range: Range, parts: Parts): Uint8Array | null {
  if (range.start >= parts.end) return parts.behind.shift() ?? null;
  if (range.end <= parts.end) return folded(parts.inside.splice(0, perfectNodesOf(range).length));
  const { left, right } = halvesOf(range);
  const [one, other] = [hashOver(left, parts), hashOver(right, parts)];
  return one === null || other === null ? null : nodeHash(one, other);
}

function folded(nodes: readonly Known[]): Uint8Array {
  return nodes.map(({ hash }) => hash).reduceRight((right, left) => nodeHash(left, right));
}
