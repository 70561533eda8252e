import { postponed } from '@ironforge/bus';
import { present } from '@ironforge/kernel';
import { causeOfMessage, type StateHandler } from '@ironforge/service-kit';
import type { WatcherDeps } from '../deps.ts';
import { holdCursor } from '../queries/chain-cursors.ts';
import { findWatchedWallet, insertWatchedAddress } from '../queries/watched-addresses.ts';
import { canonicalAddress } from './canonical-address.ts';

/**
 * Begins to watch a wallet's address and says from which height. The cursor is held meanwhile, so that each later block
 * sees the address and no earlier one counts. Asked again for one that is watched already, it says so again; while no block was
 * read it lets that go, for it is asked every few minutes, and the first message waits.
 */
export function walletCreated(deps: WatcherDeps): StateHandler<'wallet.created' | 'wallet.watch_asked'> {
  return async (tx, event) => {
    const { id: walletId, chainId, userId, ...wallet } = event.data.wallet;
    const chain = deps.chains.find(chainId);
    if (chain === undefined) return;
    const cursor = await holdCursor(tx, chainId);
    if (cursor === undefined && event.type === 'wallet.watch_asked') return;
    if (cursor === undefined) throw postponed(`no block of ${chainId} was read yet`);
    const address = canonicalAddress(chain, wallet.address);
    const owner = { tenant_id: event.tenantid, wallet_id: walletId, user_id: userId };
    await insertWatchedAddress(tx, { ...owner, chain_id: chainId, address, from_height: cursor.height });
    const watched = await findWatchedWallet(tx, event.tenantid, walletId);
    const height = Number(present(watched, 'the wallet just watched').from_height);
    const seen = { chainId, height, cause: causeOfMessage(event, 'chain-watcher') };
    deps.outbox.add(tx, [
      deps.messages.addressWatched(seen, { tenantId: event.tenantid, walletId, address }),
    ]);
  };
}
