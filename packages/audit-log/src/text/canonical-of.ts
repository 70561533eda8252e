import canonicalize from 'canonicalize';

/** The canonical text of a value (RFC 8785); null for one that has none. */
export function canonicalOf(value: unknown): string | null {
  try {
    return canonicalize(value) ?? null;
  } catch {
    return null;
  }
}
