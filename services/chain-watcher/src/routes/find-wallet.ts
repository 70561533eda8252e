import { appError } from '@ironforge/contracts';
import type { UserCaller } from '@ironforge/service-kit';
import type { Tx } from '@ironforge/store';
import { findWatchedWallet, type WatchedWallet } from '../queries/watched-addresses.ts';

/** A wallet of the tenant, and of the caller unless he sees all. Throws `not_found`. */
export async function findWallet(tx: Tx, caller: UserCaller, walletId: string): Promise<WatchedWallet> {
  const wallet = await findWatchedWallet(tx, caller.tenantId, walletId);
  const seesAll = caller.permissions.includes('wallets:read_all');
  if (wallet === undefined || (!seesAll && wallet.user_id !== caller.userId)) throw appError('not_found');
  return wallet;
}
