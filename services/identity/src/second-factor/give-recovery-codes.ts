import type { Tx } from '@ironforge/store';
import { makeRecoveryCodes, recoveryCodeHash } from '../credentials/recovery-codes.ts';
import type { IdentityDeps } from '../deps.ts';
import { replaceRecoveryCodes } from '../queries/recovery-codes.ts';
import type { UserPlace } from '../queries/user-roles.ts';

/** New recovery codes of a person in place of those that he had; what is stored does not tell them again. */
export async function giveRecoveryCodes(
  { keyedHash, clock }: Pick<IdentityDeps, 'keyedHash' | 'clock'>,
  tx: Tx,
  place: UserPlace,
): Promise<string[]> {
  const codes = makeRecoveryCodes();
  const hashes = codes.map((code) => recoveryCodeHash(keyedHash, code));
  await replaceRecoveryCodes(tx, place, { hashes, now: clock() });
  return codes;
}
