import type { CipherPlace } from '../credentials/field-cipher.ts';
import type { UserPlace } from '../queries/user-roles.ts';

/** Where the secret of a factor stands: the one in use, or the first one, which waits for its first code. */
export function secretPlace({ tenant_id, user_id }: UserPlace): CipherPlace {
  return { tenantId: tenant_id, table: 'totp_factors', column: 'secret_cipher', row: user_id };
}

/** Where a secret waits that is to follow the one in use. */
export function pendingSecretPlace(place: UserPlace): CipherPlace {
  return { ...secretPlace(place), column: 'pending_secret_cipher' };
}
