import { appError } from '@ironforge/contracts';
import type { AppError, TenantId } from '@ironforge/kernel';
import type { Cause } from '@ironforge/service-kit';
import type { Tx } from '@ironforge/store';
import type { RegistryDeps } from '../deps.ts';
import { takePlace } from '../queries/wallet-counts.ts';
import { insertWallet, type Wallet } from '../queries/wallets.ts';
import { makeDefault } from './make-default.ts';
import { walletEvent } from './wallet-event.ts';

/** A wallet to be, and what the plan allows. */
export interface NewWallet {
  readonly tenantId: TenantId;
  readonly candidate: Wallet;
  readonly maxWallets: number;
  readonly cause: Cause;
}

/** Stores a wallet within the plan and tells of it; a refusal has to undo the transaction. */
export async function registerWallet(
  deps: RegistryDeps,
  tx: Tx,
  { tenantId, candidate, maxWallets, cause }: NewWallet,
): Promise<Wallet | AppError> {
  if (!(await takePlace(tx, tenantId, maxWallets))) return appError('plan_limit_reached');
  const wallet = await insertWallet(tx, candidate);
  if (wallet === undefined) return appError('wallet_exists');
  const others = wallet.is_default ? await makeDefault(deps, tx, { wallet, cause }) : [];
  deps.outbox.add(tx, [walletEvent(deps.events, 'wallet.created', { wallet, cause }), ...others]);
  tx.afterCommit(deps.telemetry.walletRegistered);
  return wallet;
}
