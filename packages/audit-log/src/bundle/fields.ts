import { parseHashes } from '../text/encodings.ts';

/** The members of a JSON object by their names. */
export type Fields = ReadonlyMap<string, unknown>;

/** The members of a value; null when it is no object. */
export function fieldsOf(value: unknown): Fields | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  return new Map<string, unknown>(Object.entries(value));
}

/** The members of a value; null when it is no object, or has a member beside these. */
export function onlyFieldsOf(value: unknown, known: readonly string[]): Fields | null {
  const fields = fieldsOf(value);
  return fields !== null && hasOnly(fields, known) ? fields : null;
}

/** True when there is no member beside these. */
export function hasOnly(fields: Fields, known: readonly string[]): boolean {
  return [...fields.keys()].every((name) => known.includes(name));
}

/** Hashes from a list of base64 texts; null for any other value. */
export function parseHashList(value: unknown): Uint8Array[] | null {
  const list: unknown[] = Array.isArray(value) ? value : [null];
  const lines = list.filter((line) => typeof line === 'string');
  return lines.length === list.length ? parseHashes(lines) : null;
}
