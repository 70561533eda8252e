import { appError } from '@ironforge/contracts';
import type { UserCaller } from '@ironforge/service-kit';
import type { Tx } from '@ironforge/store';
import { type ApiKey, findLiveApiKey } from '../queries/api-keys.ts';
import { findSignInAccount } from '../queries/users.ts';
import { isActive } from './is-active.ts';

/** Until when and from where a key works; null stands for always and everywhere. */
export type KeyBounds = Pick<ApiKey, 'expires_at' | 'allowed_ips'>;

/**
 * What bounds a key that this caller makes: the key that he came with, if any. Throws `unauthenticated` when that was revoked
 * meanwhile, or its owner suspended: he was let in before the body came.
 */
export async function boundsOfMaker(tx: Tx, { tenantId, userId, apiKeyId }: UserCaller): Promise<KeyBounds> {
  const owner = await findSignInAccount(tx, { tenant_id: tenantId, id: userId });
  if (owner === undefined || !isActive(owner)) throw appError('unauthenticated');
  if (apiKeyId === null) return { expires_at: null, allowed_ips: null };
  const maker = await findLiveApiKey(tx, { tenant_id: tenantId, user_id: userId, id: apiKeyId });
  if (maker === undefined) throw appError('unauthenticated');
  return maker;
}

/**
 * The bounds of a new key: its maker's where none are asked for. Throws `permission_denied` for wider ones, or a stolen key
 * could make itself one that outlives it or works from the thief's own address.
 */
export function boundsWithin(maker: KeyBounds, asked: KeyBounds): KeyBounds {
  return {
    expires_at: expiryWithin(maker.expires_at, asked.expires_at),
    allowed_ips: addressesWithin(maker.allowed_ips, asked.allowed_ips),
  };
}

function expiryWithin(last: Date | null, asked: Date | null): Date | null {
  if (last === null || asked === null) return asked ?? last;
  if (asked > last)
    throw appError('permission_denied', { detail: `not yours to give: a time after ${last.toISOString()}` });
  return asked;
}

function addressesWithin(own: string[] | null, asked: string[] | null): string[] | null {
  if (own === null || asked === null) return asked ?? own;
  const foreign = asked.filter((address) => !own.includes(address));
  if (foreign.length > 0)
    throw appError('permission_denied', { detail: `not yours to give: ${foreign.join(', ')}` });
  return asked;
}
