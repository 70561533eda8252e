import { isHash, nodeHash, sameBytes } from '../tree/hashes.ts';
import { isTreeSize } from '../tree/size.ts';
import { climb, type Rung } from './climb.ts';

/** What is said to be proved: that a leaf stands at `index` in the tree of this size and root. */
export interface InclusionClaim {
  readonly leafHash: Uint8Array;
  readonly index: number;
  readonly size: number;
  readonly root: Uint8Array;
  readonly proof: readonly Uint8Array[];
}

/** Why a leaf was not proved to be in a tree. */
export type InclusionFlaw =
  | 'size_out_of_range'
  | 'index_out_of_range'
  | 'malformed_hash'
  | 'wrong_proof_length'
  | 'wrong_root';

/**
 * Checks an inclusion proof (RFC 9162 §2.1.3.2); never throws.
 * It binds leaf and index to the root; the size it takes from whoever signed both, since trees of other sizes may have a path of the same shape.
 */
export function verifyInclusion(claim: InclusionClaim): 'ok' | InclusionFlaw {
  const { leafHash, index, size, root, proof } = claim;
  if (!isTreeSize(size)) return 'size_out_of_range';
  if (!isTreeSize(index) || index >= size) return 'index_out_of_range';
  if (![leafHash, root, ...proof].every(isHash)) return 'malformed_hash';
  const computed = rootFrom(leafHash, { at: index, last: size - 1 }, proof);
  if (computed === null) return 'wrong_proof_length';
  return sameBytes(computed, root) ? 'ok' : 'wrong_root';
}

/** Null when the proof has more or fewer hashes than the tree has rows. */
function rootFrom(leafHash: Uint8Array, leaf: Rung, proof: readonly Uint8Array[]): Uint8Array | null {
  let hash = leafHash;
  let rung = leaf;
  for (const other of proof) {
    if (rung.last === 0) return null;
    const { sibling, above } = climb(rung);
    hash = sibling === 'left' ? nodeHash(other, hash) : nodeHash(hash, other);
    rung = above;
  }
  return rung.last === 0 ? hash : null;
}
