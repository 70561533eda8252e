import { appError } from '@ironforge/contracts';

/** The version that a page begins after, by its opaque cursor; null on the first page. Throws `validation_failed`. */
export function readVersionCursor(cursor: string | undefined): number | null {
  if (cursor === undefined) return null;
  const text = Buffer.from(cursor, 'base64url').toString('latin1');
  if (/^v[0-9]{1,9}$/.test(text)) return Number(text.slice(1));
  throw appError('validation_failed', { errors: [{ pointer: '/query/cursor', code: 'invalid_value' }] });
}

/** The cursor of a row in a list ordered by version. */
export function versionCursor({ version }: { readonly version: number }): string {
  return Buffer.from(`v${version}`, 'latin1').toString('base64url');
}
