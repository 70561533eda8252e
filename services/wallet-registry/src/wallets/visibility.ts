import { appError } from '@ironforge/contracts';
import type { UserCaller } from '@ironforge/service-kit';
import type { Wallet } from '../queries/wallets.ts';

/** Whose wallets a caller sees: everybody's, or (with `wallets:read` alone) his own. */
export function ownersSeenBy(caller: UserCaller): readonly string[] {
  return caller.permissions.includes('wallets:read_all') ? [] : [caller.userId];
}

/** The wallet, when the caller sees it. Throws `not_found`, as for one that does not exist. */
export function seenBy(caller: UserCaller, wallet: Wallet | undefined): Wallet {
  const owners = ownersSeenBy(caller);
  if (wallet !== undefined && (owners.length === 0 || owners.includes(wallet.user_id))) return wallet;
  throw appError('not_found');
}

/** A wallet's policy decides who must approve: only who may write policies chooses it. Throws `permission_denied`. */
export function refuseForeignPolicy(caller: UserCaller, policyId: string | null | undefined): void {
  if (policyId === undefined || caller.permissions.includes('policies:write')) return;
  throw appError('permission_denied', { errors: [{ pointer: '/policyId', code: 'permission_denied' }] });
}
