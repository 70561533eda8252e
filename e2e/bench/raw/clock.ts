/** How many times a second this ran, when so many ran side by side. */
export async function rateOf(
  { count, workers }: { readonly count: number; readonly workers: number },
  work: (index: number) => Promise<unknown>,
): Promise<number> {
  let next = 0;
  const startedAt = performance.now();
  const run = async () => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: workers }, run));
  return (count * 1_000) / (performance.now() - startedAt);
}

/** The value that so many of a hundred do not exceed (nearest rank). */
export function percentile(values: readonly number[], hundredth: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((sorted.length * hundredth) / 100) - 1)] ?? Number.NaN;
}

/** The middle value. */
export function median(values: readonly number[]): number {
  return percentile(values, 50);
}
