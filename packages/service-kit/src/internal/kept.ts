/** What is kept for a while under a name. */
export interface Kept<T> {
  get(name: string): T | undefined;
  /** Forgets the oldest when there are too many. */
  set(name: string, value: T): void;
  delete(name: string): void;
}

const MAX_KEPT = 1_000;

/** Makes a memory that holds the newest thousand. */
export function createKept<T>(): Kept<T> {
  const values = new Map<string, T>();
  return {
    get: (name) => values.get(name),
    set: (name, value) => {
      values.delete(name);
      values.set(name, value);
      const [oldest] = values.keys();
      if (values.size > MAX_KEPT && oldest !== undefined) values.delete(oldest);
    },
    delete: (name) => void values.delete(name),
  };
}
