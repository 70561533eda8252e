import type { RecoveryCodeRow } from '@ironforge/schema';
import type { Tx } from '@ironforge/store';
import type { UserPlace } from './user-roles.ts';

/** Stores the recovery codes of a person, as hashes, in place of those that he had. */
export async function replaceRecoveryCodes(
  tx: Tx,
  place: UserPlace,
  { hashes, now }: { readonly hashes: readonly string[]; readonly now: Date },
): Promise<void> {
  await deleteRecoveryCodes(tx, place);
  const { tenant_id, user_id } = place;
  const rows = hashes.map((code_hash) => ({ tenant_id, user_id, code_hash, created_at: now }));
  await tx<RecoveryCodeRow>('recovery_codes').insert(rows);
}

/** Uses a recovery code up; false when the person has none with this hash, or no more. */
export async function takeRecoveryCode(
  tx: Tx,
  { tenant_id, user_id }: UserPlace,
  code_hash: string,
): Promise<boolean> {
  return (
    (await tx<RecoveryCodeRow>('recovery_codes').where({ tenant_id, user_id, code_hash }).delete()) === 1
  );
}

/** Takes what a person has left of recovery codes away. */
export async function deleteRecoveryCodes(tx: Tx, { tenant_id, user_id }: UserPlace): Promise<void> {
  await tx<RecoveryCodeRow>('recovery_codes').where({ tenant_id, user_id }).delete();
}
