import { branded, type TenantId } from '@ironforge/kernel';
import type { Cause, EventMaker } from '@ironforge/service-kit';
import type { Wallet } from '../queries/wallets.ts';
import { describeWallet } from './show-wallet.ts';

type WalletEvent = 'wallet.created' | 'wallet.watch_asked' | 'wallet.updated' | 'wallet.archived';

/** A wallet as it is now, and why. */
export interface WalletNews {
  readonly wallet: Wallet;
  readonly cause: Cause;
}

/** An event with the whole wallet as it is now; its version is the wallet's. */
export function walletEvent(events: EventMaker, type: WalletEvent, { wallet, cause }: WalletNews) {
  return events.event(type, { ...toldOf(wallet), cause, data: { wallet: describeWallet(wallet) } });
}

/** Whom an event about a wallet is about, and which version of it. */
export function toldOf(wallet: Wallet) {
  const { tenant_id: tenantId, id: subject, version } = wallet;
  return { tenantId: branded<TenantId>(tenantId), subject, version };
}
