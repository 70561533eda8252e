/** PostgreSQL takes 65,535 parameters in one statement; no table here has 60 columns. */
const MAX_ROWS = 1_000;

/** Does the work for so many rows at a time as one statement takes, and gives all results in order. */
export async function inChunks<Row, Result>(
  rows: readonly Row[],
  work: (chunk: readonly Row[]) => Promise<readonly Result[]>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (let from = 0; from < rows.length; from += MAX_ROWS) {
    results.push(...(await work(rows.slice(from, from + MAX_ROWS))));
  }
  return results;
}
