import { halvesOf, type Range } from './range.ts';

/** What stands beside some leaves of a tree, subtree by subtree from the left: all that is before them, and all that is behind. */
export interface Flanks<Subtree> {
  readonly left: readonly Subtree[];
  readonly right: readonly Subtree[];
}

/** The hashes of these subtrees: with the leaves between them they make the root. */
export type RangeProof = Flanks<Uint8Array>;

/** The largest subtrees of a range that hold none of the wanted leaves, at least one, which stand in that range. */
export function flanksOf(wanted: Range, range: Range): Flanks<Range> {
  if (range.end <= wanted.start) return { left: [range], right: [] };
  if (range.start >= wanted.end) return { left: [], right: [range] };
  if (wanted.start <= range.start && range.end <= wanted.end) return { left: [], right: [] };
  const halves = halvesOf(range);
  const [first, second] = [flanksOf(wanted, halves.left), flanksOf(wanted, halves.right)];
  return { left: [...first.left, ...second.left], right: [...first.right, ...second.right] };
}
