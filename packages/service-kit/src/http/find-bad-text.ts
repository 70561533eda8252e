/** Deeper JSON than this is refused before anything walks through it. */
const MAX_DEPTH = 40;

/**
 * The path of the first text that a database cannot hold (a NUL character or half a surrogate pair), of a forbidden
 * field name, or of a value that is nested too deep; null when there is none.
 */
export function findBadText(value: unknown, depth = 0): string[] | null {
  if (typeof value === 'string') return isStorable(value) ? null : [];
  if (typeof value !== 'object' || value === null) return null;
  if (depth >= MAX_DEPTH) return [];
  for (const [name, inner] of Object.entries(value)) {
    if (name === '__proto__' || !isStorable(name)) return [name];
    const found = findBadText(inner, depth + 1);
    if (found !== null) return [name, ...found];
  }
  return null;
}

function isStorable(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed();
}
