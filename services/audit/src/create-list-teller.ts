/** How the rows of a list are told apart, and what is said of one that comes, and of one that is gone. */
export interface ListTelling<T> {
  readonly keyOf: (row: T) => string;
  readonly came: (row: T) => void;
  readonly gone: (row: T) => void;
}

/** Makes a teller of a list that is looked at again and again: each row is told of once when it comes, and once when it is gone. */
export function createListTeller<T>({ keyOf, came, gone }: ListTelling<T>): (rows: readonly T[]) => void {
  let told: ReadonlyMap<string, T> = new Map();
  return (rows) => {
    const now = new Map(rows.map((row) => [keyOf(row), row]));
    for (const [key, row] of now) if (!told.has(key)) came(row);
    for (const [key, row] of told) if (!now.has(key)) gone(row);
    told = now;
  };
}
