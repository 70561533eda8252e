import { base64 } from '@scure/base';
import { isHash } from '../tree/hashes.ts';
import { isTreeSize } from '../tree/size.ts';

/** The bytes of a base64 text (RFC 4648 §4) in its one canonical form, padded; null for any other text. */
export function parseBase64(text: string): Uint8Array | null {
  try {
    return base64.decode(text);
  } catch {
    return null;
  }
}

/** Bytes as base64 (RFC 4648 §4), padded. */
export function formatBase64(bytes: Uint8Array): string {
  return base64.encode(bytes);
}

/** A hash of 32 bytes from base64; null for any other text. */
export function parseHash(text: string): Uint8Array | null {
  const bytes = parseBase64(text);
  return bytes !== null && isHash(bytes) ? bytes : null;
}

/** Hashes from one line each; null when one of the lines is none. */
export function parseHashes(lines: readonly string[]): Uint8Array[] | null {
  const hashes = lines.flatMap((line) => parseHash(line) ?? []);
  return hashes.length === lines.length ? hashes : null;
}

/** True for a hash of SHA-256 in its one hexadecimal form: 64 digits, small letters. */
export function isHashHex(text: string): boolean {
  return /^[0-9a-f]{64}$/.test(text);
}

/** True for what counts: a whole number from 0 to 2^53 - 1, and not -0. */
export function isCount(value: unknown): value is number {
  return typeof value === 'number' && isTreeSize(value) && !Object.is(value, -0);
}

/** A number of leaves, or the index of one, as decimal without leading zeros; null for any other text and beyond 2^53 - 1. */
export function parseCount(text: string): number | null {
  const count = /^(?:0|[1-9]\d{0,15})$/.test(text) ? Number(text) : -1;
  return isTreeSize(count) ? count : null;
}
