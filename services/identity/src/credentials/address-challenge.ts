import type { Offer } from '../queries/approval-addresses.ts';
import type { UserPlace } from '../queries/user-roles.ts';

/**
 * What a wallet has to sign (EIP-191, personal_sign) to stand for a person's approvals. It says for whom, so that nobody
 * else can hand the signature in, and begins unlike the text of an approval, so that neither serves for the other.
 */
export function addressChallenge(
  { tenant_id, user_id }: UserPlace,
  { address, nonce }: Pick<Offer, 'address' | 'nonce'>,
): string {
  return [
    'IronForge: my signatures shall prove the approvals of this user.',
    `Address: ${address}`,
    `User: ${user_id}`,
    `Tenant: ${tenant_id}`,
    `Nonce: ${nonce}`,
  ].join('\n');
}
