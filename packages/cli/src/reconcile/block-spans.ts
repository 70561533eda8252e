/** Consecutive blocks, both ends included. */
export interface BlockSpan {
  readonly from: number;
  readonly to: number;
}

/** The fewest spans of at most so many blocks that hold all these heights, in order. */
export function blockSpans(heights: readonly number[], most: number): BlockSpan[] {
  const spans: { from: number; to: number }[] = [];
  for (const height of heights.toSorted((a, b) => a - b)) {
    const last = spans.at(-1);
    if (last !== undefined && height < last.from + most) last.to = height;
    else spans.push({ from: height, to: height });
  }
  return spans;
}
