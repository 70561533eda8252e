import type { TotpFactorRow } from '@ironforge/schema';
import type { Tx } from '@ironforge/store';
import { deleteRecoveryCodes } from './recovery-codes.ts';
import type { UserPlace } from './user-roles.ts';

const COLUMNS = [
  'tenant_id',
  'user_id',
  'secret_cipher',
  'confirmed_at',
  'last_step',
  'failures',
  'blocked_until',
  'pending_secret_cipher',
  'pending_expires_at',
] as const;

/** A second factor as it is checked. */
export type TotpFactor = Pick<TotpFactorRow, (typeof COLUMNS)[number]>;

/** The factor of a person. */
export async function findFactor(tx: Tx, place: UserPlace): Promise<TotpFactor | undefined> {
  return await tx<TotpFactorRow>('totp_factors')
    .first(...COLUMNS)
    .where(place);
}

/** The factor of a person, locked: two codes are checked one after the other. */
export async function lockFactor(tx: Tx, place: UserPlace): Promise<TotpFactor | undefined> {
  return await tx<TotpFactorRow>('totp_factors')
    .first(...COLUMNS)
    .where(place)
    .forUpdate();
}

/** The same of a factor that was confirmed; undefined while there is none. */
export async function lockFactorInUse(tx: Tx, place: UserPlace): Promise<TotpFactor | undefined> {
  const factor = await lockFactor(tx, place);
  return (factor?.confirmed_at ?? null) === null ? undefined : factor;
}

/** A secret whose first code was not given yet. */
export interface NewSecret {
  readonly secretCipher: string;
  readonly now: Date;
}

/** Stores the first factor of a person, which he still has to confirm, in place of one that he did not confirm. */
export async function putFirstFactor(
  tx: Tx,
  place: UserPlace,
  { secretCipher, now }: NewSecret,
): Promise<void> {
  const fresh = { confirmed_at: null, last_step: 0n, failures: 0, blocked_until: null, updated_at: now };
  await tx<TotpFactorRow>('totp_factors')
    .insert({ ...place, ...fresh, secret_cipher: secretCipher, created_at: now })
    .onConflict(['tenant_id', 'user_id'])
    .merge(['secret_cipher', 'confirmed_at', 'last_step', 'failures', 'blocked_until', 'updated_at']);
}

/** Stores a secret beside the one in use, which stays so until the first code of this one is given. */
export async function putPendingSecret(
  tx: Tx,
  { tenant_id, user_id }: UserPlace,
  { secretCipher, now, expiresAt }: NewSecret & { readonly expiresAt: Date },
): Promise<void> {
  await tx<TotpFactorRow>('totp_factors')
    .where({ tenant_id, user_id })
    .update({ pending_secret_cipher: secretCipher, pending_expires_at: expiresAt, updated_at: now });
}

/** Takes the factor of a person away, and the codes for when it is lost. */
export async function deleteFactor(tx: Tx, { tenant_id, user_id }: UserPlace): Promise<void> {
  await tx<TotpFactorRow>('totp_factors').where({ tenant_id, user_id }).delete();
  await deleteRecoveryCodes(tx, { tenant_id, user_id });
}

/** What a check writes. */
export type FactorChange = Partial<
  Omit<TotpFactorRow, 'tenant_id' | 'user_id' | 'created_at' | 'updated_at'>
>;

/** Notes what came of a check. */
export async function updateFactor(
  tx: Tx,
  { tenant_id, user_id }: UserPlace,
  change: FactorChange & Pick<TotpFactorRow, 'updated_at'>,
): Promise<void> {
  await tx<TotpFactorRow>('totp_factors').where({ tenant_id, user_id }).update(change);
}
