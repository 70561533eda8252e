import { ROUTES } from '@ironforge/contracts';
import { type BoundRoute, bind } from '@ironforge/service-kit';
import type { RegistryDeps } from '../deps.ts';
import { findWallet } from '../queries/wallets.ts';
import { showWallet } from '../wallets/show-wallet.ts';
import { seenBy } from '../wallets/visibility.ts';

/** One wallet. */
export function getWallet({ store }: RegistryDeps): BoundRoute {
  return bind(ROUTES.getWallet, async ({ params, caller }) => {
    const { tenantId } = caller;
    const wallet = await store.forTenant(tenantId).transaction((tx) => findWallet(tx, tenantId, params.id));
    return { status: 200, body: showWallet(seenBy(caller, wallet)) };
  });
}
