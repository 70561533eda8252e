/** Ascending numbers as first and last of each unbroken run. */
export function rangesOf(numbers: readonly number[]): [first: number, last: number][] {
  const firsts = numbers.filter((number, at) => numbers[at - 1] !== number - 1);
  const lasts = numbers.filter((number, at) => numbers[at + 1] !== number + 1);
  return firsts.map((first, at) => [first, lasts[at] ?? first]);
}
