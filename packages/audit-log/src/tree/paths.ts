import { halvesOf, type Range } from './range.ts';

/** The subtrees whose hashes prove that a leaf stands in a range, from the leaf upwards (RFC 9162 §2.1.3.1). */
export function inclusionPath(leaf: number, range: Range): Range[] {
  if (range.end - range.start === 1) return [];
  const { left, right } = halvesOf(range);
  return leaf < right.start ? [...inclusionPath(leaf, left), right] : [...inclusionPath(leaf, right), left];
}

/** The subtrees whose hashes prove that the first `oldSize` leaves, at least one, of a range were not changed (RFC 9162 §2.1.4.1). */
export function consistencyPath(oldSize: number, range: Range): Range[] {
  if (range.end === oldSize) return range.start === 0 ? [] : [range];
  const { left, right } = halvesOf(range);
  return oldSize <= right.start
    ? [...consistencyPath(oldSize, left), right]
    : [...consistencyPath(oldSize, right), left];
}
