import type { EventMessage } from '@ironforge/service-kit';
import type { Tx } from '@ironforge/store';
import type { RegistryDeps } from '../deps.ts';
import { dropOtherDefaults } from '../queries/wallets.ts';
import { walletEvent, type WalletNews } from './wallet-event.ts';

/** Takes the flag from the one that had it, and gives what is to be said about that. Under the lock of the count. */
export async function makeDefault(
  { events }: Pick<RegistryDeps, 'events'>,
  tx: Tx,
  { wallet, cause }: WalletNews,
): Promise<EventMessage[]> {
  const others = await dropOtherDefaults(tx, wallet);
  return others.map((other) => walletEvent(events, 'wallet.updated', { wallet: other, cause }));
}
