import { personalSigner } from '@ironforge/chain-evm';
import { appError } from '@ironforge/contracts';
import type { AppError } from '@ironforge/kernel';
import type { Tx } from '@ironforge/store';
import { addressChallenge } from '../credentials/address-challenge.ts';
import type { IdentityDeps } from '../deps.ts';
import { lockApprovalAddress } from '../queries/approval-addresses.ts';
import type { UserPlace } from '../queries/user-roles.ts';

/** The address that a person offered, which signed for it just now, and the one in force. */
export interface ProvenAddress {
  readonly address: string;
  readonly inForce: string | null;
}

/** Checks the signature of an offered address over its text; the row stays locked until the transaction ends. */
export async function proveOffered(
  { clock }: Pick<IdentityDeps, 'clock'>,
  tx: Tx,
  { place, signature }: { readonly place: UserPlace; readonly signature: string },
): Promise<ProvenAddress | AppError> {
  const known = await lockApprovalAddress(tx, place);
  const { offered_address: address = null, nonce = null, offer_expires_at: until = null } = known ?? {};
  if (address === null || nonce === null || until === null || until <= clock())
    return appError('illegal_transition', { detail: 'no address is offered, or its time is over' });
  const signer = personalSigner(addressChallenge(place, { address, nonce }), signature);
  if (signer === address) return { address, inForce: known?.address ?? null };
  return appError('step_up_failed', { detail: `the signature is not of ${address} over the given text` });
}
