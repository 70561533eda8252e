/** Deeper JSON than this is refused before anything walks through it. */
const MAX_DEPTH = 40;

/** Where a value stands that cannot be stored as it came, and what is wrong with it. */
export interface Unstorable {
  readonly path: readonly string[];
  readonly code: 'invalid_text' | 'invalid_value';
}

/**
 * The first text that a database cannot hold (a NUL character or half a surrogate pair), number that JSON cannot tell again
 * (`1e400`), forbidden field name, or value that is nested too deep; null when there is none.
 */
export function findUnstorable(value: unknown, depth = 0): Unstorable | null {
  if (typeof value === 'string') return isStorable(value) ? null : { path: [], code: 'invalid_text' };
  if (typeof value === 'number') return Number.isFinite(value) ? null : { path: [], code: 'invalid_value' };
  if (typeof value !== 'object' || value === null) return null;
  if (depth >= MAX_DEPTH) return { path: [], code: 'invalid_text' };
  for (const [name, inner] of Object.entries(value)) {
    if (name === '__proto__' || !isStorable(name)) return { path: [name], code: 'invalid_text' };
    const found = findUnstorable(inner, depth + 1);
    if (found !== null) return { ...found, path: [name, ...found.path] };
  }
  return null;
}

function isStorable(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed();
}
