/** True for a number of leaves that a tree can have here: whole, 0 to 2^53 - 1, so that no step of a proof is rounded. */
export function isTreeSize(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

/** The largest power of two that is at most `count`, which is 1 or more. */
export function powerWithin(count: number): number {
  let power = 1;
  while (power <= count / 2) power *= 2;
  return power;
}
