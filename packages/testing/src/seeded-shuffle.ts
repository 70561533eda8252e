/** A shuffle that can be made again from its seed, any whole number: a test that uses one tells the seed. */
export function seededShuffle(seed: number): <T>(items: readonly T[]) => T[] {
  const next = mulberry32(seed);
  return (items) =>
    items
      .map((item) => ({ item, place: next() }))
      .toSorted((a, b) => a.place - b.place)
      .map(({ item }) => item);
}

/** Numbers from 0 to below 1 that come again from the same seed: Mulberry32 (Tommy Ettinger, public domain). */
export function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
