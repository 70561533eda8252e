import { randomBytes } from 'node:crypto';
import { parseAddress } from '@ironforge/chain-evm';
import { appError, ROUTES } from '@ironforge/contracts';
import { type BoundRoute, bind } from '@ironforge/service-kit';
import { addressChallenge } from '../credentials/address-challenge.ts';
import type { IdentityDeps } from '../deps.ts';
import { isTaken, putOffer } from '../queries/approval-addresses.ts';

const LIFE_MS = 600_000;
const NONCE_BYTES = 16;

/** Begin to sign one's approvals with a wallet, or with another one; by a person, not by a key. */
export function offerApprovalAddress({ store, clock }: IdentityDeps): BoundRoute {
  return bind(ROUTES.offerApprovalAddress, async ({ caller, body }) => {
    if (caller.apiKeyId !== null) return appError('permission_denied', { detail: 'sign in to do this' });
    const parsed = parseAddress(body.address);
    if ('rejected' in parsed)
      return appError('validation_failed', {
        errors: [{ pointer: '/address', code: parsed.rejected, detail: parsed.detail }],
      });
    const { address } = parsed;
    const place = { tenant_id: caller.tenantId, user_id: caller.userId };
    const now = clock();
    const nonce = randomBytes(NONCE_BYTES).toString('hex');
    const offer = { address, nonce, expiresAt: new Date(now.getTime() + LIFE_MS), now };
    const isFree = await store.forTenant(caller.tenantId).transaction(async (tx) => {
      if (await isTaken(tx, place, address)) return false;
      await putOffer(tx, place, offer);
      return true;
    });
    if (!isFree) return appError('approval_address_exists');
    const message = addressChallenge(place, offer);
    return { status: 200, body: { message, expiresAt: offer.expiresAt.toISOString() } };
  });
}
