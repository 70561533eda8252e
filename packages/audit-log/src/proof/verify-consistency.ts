import { emptyRoot, isHash, nodeHash, sameBytes } from '../tree/hashes.ts';
import { isTreeSize, powerWithin } from '../tree/size.ts';
import { aboveRightChildren, climb } from './climb.ts';

/** What is said to be proved: that the newer tree begins with all leaves of the older one, in their order. */
export interface ConsistencyClaim {
  readonly oldSize: number;
  readonly oldRoot: Uint8Array;
  readonly newSize: number;
  readonly newRoot: Uint8Array;
  readonly proof: readonly Uint8Array[];
}

/** Why one tree was not proved to go on from another. */
export type ConsistencyFlaw =
  | 'size_out_of_range'
  | 'sizes_out_of_order'
  | 'malformed_hash'
  | 'wrong_proof_length'
  | 'wrong_old_root'
  | 'wrong_new_root';

/**
 * Checks a consistency proof (RFC 9162 §2.1.4.2); never throws.
 * From size 0, and between equal sizes, a proof is empty; a tree of size 0 has the root of nothing and no other.
 */
export function verifyConsistency(claim: ConsistencyClaim): 'ok' | ConsistencyFlaw {
  const { oldSize, oldRoot, newSize, newRoot, proof } = claim;
  if (!isTreeSize(oldSize) || !isTreeSize(newSize)) return 'size_out_of_range';
  if (oldSize > newSize) return 'sizes_out_of_order';
  if (![oldRoot, newRoot, ...proof].every(isHash)) return 'malformed_hash';
  if (oldSize === 0 || oldSize === newSize) return verifyWithoutProof(claim);
  const roots = rootsFrom(claim);
  if (roots === null) return 'wrong_proof_length';
  if (!sameBytes(roots.old, oldRoot)) return 'wrong_old_root';
  return sameBytes(roots.new, newRoot) ? 'ok' : 'wrong_new_root';
}

/**
 * Checks what can be checked of a consistency proof by whoever does not have the older root: that it has the right length and
 * leads to the newer root. From a size that is a power of two it begins with the older root itself, so there only the length.
 */
export function verifyWithoutOldRoot(claim: Omit<ConsistencyClaim, 'oldRoot'>): 'ok' | ConsistencyFlaw {
  const verdict = verifyConsistency({ ...claim, oldRoot: impliedOldRoot(claim) });
  return verdict === 'wrong_new_root' && isPowerOfTwo(claim.oldSize) ? 'ok' : verdict;
}

/** The older root that a proof leads from; the newer one stands in where it says nothing of it. */
function impliedOldRoot(claim: Omit<ConsistencyClaim, 'oldRoot'>): Uint8Array {
  const { oldSize, newSize, newRoot } = claim;
  if (oldSize === 0) return emptyRoot();
  return (oldSize < newSize ? rootsFrom({ ...claim, oldRoot: newRoot })?.old : null) ?? newRoot;
}

function isPowerOfTwo(size: number): boolean {
  return size > 0 && powerWithin(size) === size;
}

function verifyWithoutProof(claim: ConsistencyClaim): 'ok' | ConsistencyFlaw {
  const { oldSize, oldRoot, newSize, newRoot, proof } = claim;
  if (proof.length > 0) return 'wrong_proof_length';
  if (oldSize === 0 && !sameBytes(oldRoot, emptyRoot())) return 'wrong_old_root';
  return oldSize < newSize || sameBytes(oldRoot, newRoot) ? 'ok' : 'wrong_new_root';
}

interface Roots {
  readonly old: Uint8Array;
  readonly new: Uint8Array;
}

/** Null when the proof has more or fewer hashes than its way to the root. */
function rootsFrom({ oldSize, oldRoot, newSize, proof }: ConsistencyClaim): Roots | null {
  const [start, ...rest] = isPowerOfTwo(oldSize) ? [oldRoot, ...proof] : proof;
  if (start === undefined) return null;
  let roots: Roots = { old: start, new: start };
  let rung = aboveRightChildren({ at: oldSize - 1, last: newSize - 1 });
  for (const hash of rest) {
    if (rung.last === 0) return null;
    const { sibling, above } = climb(rung);
    roots = sibling === 'left' ? both(hash, roots) : { old: roots.old, new: nodeHash(roots.new, hash) };
    rung = above;
  }
  return rung.last === 0 ? roots : null;
}

/** What stands on the left is in both trees. */
function both(left: Uint8Array, roots: Roots): Roots {
  return { old: nodeHash(left, roots.old), new: nodeHash(left, roots.new) };
}
