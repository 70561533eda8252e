import type { UserRow } from '@ironforge/schema';
import type { Tx } from '@ironforge/store';

/** A user with a field that is encrypted by the key of the installation still. */
export type UnmovedUser = Pick<UserRow, 'id' | 'tenant_id' | 'email_cipher' | 'display_name_cipher'>;

/** Such users of all tenants, locked: of two processes that move them, one waits. */
export async function lockUnmovedUsers(tx: Tx, count: number): Promise<UnmovedUser[]> {
  return await tx<UserRow>('users')
    .select('id', 'tenant_id', 'email_cipher', 'display_name_cipher')
    .whereRaw("(email_cipher LIKE 'v1.%' OR display_name_cipher LIKE 'v1.%')")
    .orderBy('id')
    .limit(count)
    .forUpdate();
}

/** Replaces the ciphers of a user; no version, since nothing about him is new. */
export async function putUserCiphers(
  tx: Tx,
  { tenant_id, id }: UnmovedUser,
  ciphers: Pick<UserRow, 'email_cipher' | 'display_name_cipher'>,
): Promise<void> {
  await tx<UserRow>('users').where({ tenant_id, id }).update(ciphers);
}
