import { appError } from '@ironforge/contracts';

/** The place in a log after which a page begins, by its opaque cursor; 0 for the first page. Throws `validation_failed`. */
export function placeOf(cursor: string | undefined): bigint {
  if (cursor === undefined) return 0n;
  const text = Buffer.from(cursor, 'base64url').toString('latin1');
  if (/^[1-9][0-9]{0,17}$/.test(text)) return BigInt(text);
  throw appError('validation_failed', { errors: [{ pointer: '/query/cursor', code: 'invalid_value' }] });
}

/** The cursor of what stands at a place. */
export function cursorAt(place: bigint | null): string {
  return Buffer.from(String(place), 'latin1').toString('base64url');
}
