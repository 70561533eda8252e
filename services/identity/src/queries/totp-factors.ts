import type { TotpFactorRow } from '@ironforge/schema';
import type { Tx } from '@ironforge/store';
import type { UserPlace } from './user-roles.ts';

const COLUMNS = [
  'tenant_id',
  'user_id',
  'secret_cipher',
  'confirmed_at',
  'last_step',
  'failures',
  'blocked_until',
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

/** Stores a factor that its owner still has to confirm, in place of another one. */
export async function putFactor(
  tx: Tx,
  place: UserPlace,
  { secretCipher, now }: { readonly secretCipher: string; readonly now: Date },
): Promise<void> {
  const fresh = { confirmed_at: null, last_step: 0n, failures: 0, blocked_until: null, updated_at: now };
  await tx<TotpFactorRow>('totp_factors')
    .insert({ ...place, ...fresh, secret_cipher: secretCipher, created_at: now })
    .onConflict(['tenant_id', 'user_id'])
    .merge(['secret_cipher', 'confirmed_at', 'last_step', 'failures', 'blocked_until', 'updated_at']);
}

/** Takes the factor of a person away. */
export async function deleteFactor(tx: Tx, { tenant_id, user_id }: UserPlace): Promise<void> {
  await tx<TotpFactorRow>('totp_factors').where({ tenant_id, user_id }).delete();
}

/** What a check writes. */
export type FactorChange = Partial<
  Pick<TotpFactorRow, 'confirmed_at' | 'last_step' | 'failures' | 'blocked_until'>
>;

/** Notes what came of a check. */
export async function updateFactor(
  tx: Tx,
  { tenant_id, user_id }: UserPlace,
  change: FactorChange & Pick<TotpFactorRow, 'updated_at'>,
): Promise<void> {
  await tx<TotpFactorRow>('totp_factors').where({ tenant_id, user_id }).update(change);
}
