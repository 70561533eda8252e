import type { CipherPlace } from '../credentials/field-cipher.ts';

/** Where a personal field of a user stands. */
export function personalPlace(
  tenantId: string,
  userId: string,
  column: 'email_cipher' | 'display_name_cipher',
): CipherPlace {
  return { tenantId, table: 'users', column, row: userId };
}
