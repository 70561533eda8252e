/** The newest height that an endpoint told, and when. */
export interface ToldHead {
  readonly height: number;
  readonly atMs: number;
}

/** What an endpoint said longer ago than this says nothing about how far the chain is. */
const REMEMBERED_MS = 300_000;

/**
 * How many blocks each endpoint is behind the others; 0 for one that told nothing yet, or nothing lately: silence is no lag.
 * With three or more the second highest head is what counts, so that one that lies about its height moves nobody out.
 */
export function lagsOf(heads: ReadonlyMap<string, ToldHead>, nowMs: number): ReadonlyMap<string, number> {
  const fresh = [...heads].filter(([, { atMs }]) => nowMs - atMs <= REMEMBERED_MS);
  const heights = fresh.map(([, { height }]) => height).toSorted((a, b) => b - a);
  const reference = heights[heights.length >= 3 ? 1 : 0] ?? 0;
  return new Map(fresh.map(([name, { height }]) => [name, Math.max(0, reference - height)]));
}
