import { sha256 } from './hash.ts';

// The definitions of RFC 9162 (2.1.1, 2.1.3.1, 2.1.4.1) word for word: slow, and made in another way than what they test.

/** The root over hashed leaves. */
export function rootByDefinition(leaves: readonly Uint8Array[]): Uint8Array {
  const [only] = leaves;
  if (leaves.length === 1 && only !== undefined) return only;
  const k = split(leaves.length);
  return sha256(Buffer.of(1), rootByDefinition(leaves.slice(0, k)), rootByDefinition(leaves.slice(k)));
}

/** The path of a leaf, from the bottom. */
export function inclusionPath(leaves: readonly Uint8Array[], index: number): Uint8Array[] {
  if (leaves.length === 1) return [];
  const k = split(leaves.length);
  const [left, right] = [leaves.slice(0, k), leaves.slice(k)];
  return index < k
    ? [...inclusionPath(left, index), rootByDefinition(right)]
    : [...inclusionPath(right, index - k), rootByDefinition(left)];
}

/** The path from the tree over the first leaves to the tree over all, with the first node that immudb always sends. */
export function consistencyPath(leaves: readonly Uint8Array[], first: number): Uint8Array[] {
  return subproof(leaves, first);
}

function subproof(leaves: readonly Uint8Array[], first: number): Uint8Array[] {
  if (first === leaves.length) return [rootByDefinition(leaves)];
  const k = split(leaves.length);
  const [left, right] = [leaves.slice(0, k), leaves.slice(k)];
  return first <= k
    ? [...subproof(left, first), rootByDefinition(right)]
    : [...subproof(right, first - k), rootByDefinition(left)];
}

/** The greatest power of two below. */
function split(size: number): number {
  let k = 1;
  while (k * 2 < size) k *= 2;
  return k;
}
