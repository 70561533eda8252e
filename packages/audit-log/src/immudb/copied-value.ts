import { HASH_BYTES, leafHash, sameBytes } from '../tree/hashes.ts';

/**
 * True when a value of immudb's is the copy of the entry with this leaf hash: it begins with that, and the encrypted text follows, or nothing.
 * Copies of older releases are the text itself.
 */
export function isCopyOf(value: Uint8Array, leaf: Uint8Array): boolean {
  return sameBytes(value.subarray(0, HASH_BYTES), leaf) || sameBytes(leafHash(value), leaf);
}
