import { branded, type TenantId } from '@ironforge/kernel';
import { causeOfMessage, type StateHandler } from '@ironforge/service-kit';
import type { RegistryDeps } from '../deps.ts';
import { updateWallet } from '../queries/wallets.ts';
import { describeWallet } from '../wallets/show-wallet.ts';
import { toldOf } from '../wallets/wallet-event.ts';

/** `chain.address_watched`: the wallet is active from now on, and its balances are asked for. */
export function activateWallet(deps: RegistryDeps): StateHandler<'chain.address_watched'> {
  return async (tx, event) => {
    const { walletId, fromHeight } = event.data;
    const place = { tenantId: branded<TenantId>(event.tenantid), id: walletId, status: 'activating' };
    const wallet = await updateWallet(tx, place, { status: 'active', updated_at: deps.clock() });
    if (wallet === undefined) return; // active already, or archived meanwhile
    const told = { ...toldOf(wallet), cause: causeOfMessage(event, 'wallet-registry') };
    const { chain_id: chainId, address } = wallet;
    deps.outbox.add(tx, [
      deps.events.event('wallet.activated', {
        ...told,
        data: { wallet: describeWallet(wallet), fromHeight },
      }),
      deps.events.command('balance_update', {
        ...told,
        queue: `balance_update.${wallet.chain}`,
        data: { walletId, chainId, address, minHeight: fromHeight },
      }),
    ]);
    tx.afterCommit(deps.telemetry.walletActivated);
  };
}
