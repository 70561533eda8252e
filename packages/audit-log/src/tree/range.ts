import { powerWithin } from './size.ts';

/** The leaves from `start` up to but not including `end`. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** A node whose subtree is complete: `index` counts the nodes of this height from the left, 2^height leaves each. */
export interface PerfectNode {
  readonly height: number;
  readonly index: number;
}

/** Both halves of a range of two leaves or more, the left one as large as a power of two allows (k of RFC 9162 §2.1.1). */
export function halvesOf({ start, end }: Range): { readonly left: Range; readonly right: Range } {
  const middle = start + powerWithin(end - start - 1);
  return { left: { start, end: middle }, right: { start: middle, end } };
}

/** The complete subtrees that a range which stands in a tree is made of, from the left: one for each bit of its length. */
export function perfectNodesOf({ start, end }: Range): PerfectNode[] {
  const nodes: PerfectNode[] = [];
  let at = start;
  while (at < end) {
    const leaves = powerWithin(end - at);
    nodes.push({ height: heightOf(leaves), index: at / leaves });
    at += leaves;
  }
  return nodes;
}

/** By division, since `Math.log2` rounds just below 2^53. */
function heightOf(leaves: number): number {
  let height = 0;
  for (let rest = leaves; rest > 1; rest /= 2) height += 1;
  return height;
}
