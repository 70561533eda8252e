/** Ascending numbers as first and last of each unbroken run. */
export function rangesOf(numbers: readonly number[]): [first: number, last: number][] {
  const ranges: [number, number][] = [];
  for (const number of numbers) {
    const run = ranges.at(-1);
    if (run !== undefined && run[1] === number - 1) run[1] = number;
    else ranges.push([number, number]);
  }
  return ranges;
}
