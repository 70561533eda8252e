import { appError, ROUTES } from '@ironforge/contracts';
import { type BoundRoute, bind } from '@ironforge/service-kit';
import type { WatcherDeps } from '../deps.ts';
import { readBalances } from '../follow/balances.ts';
import { holdingKey } from '../follow/plan-block.ts';
import { findCursor } from '../queries/chain-cursors.ts';
import { listTenantAssets } from '../queries/watched-assets.ts';
import { findWatchedWallet } from '../queries/watched-addresses.ts';

/** Reads a wallet's balances anew: its coin, and every token that its tenant follows, without those that no node tells. */
export function getBalancesOnChain(deps: WatcherDeps): BoundRoute {
  return bind(ROUTES.getBalancesOnChain, async ({ params: { id }, caller: { tenantId } }) => {
    const { wallet, cursor, tokens } = await deps.store.forTenant(tenantId).transaction(async (tx) => {
      const found = await findWatchedWallet(tx, tenantId, id);
      if (found === undefined) throw appError('not_found');
      const followed = await findCursor(tx, found.chain_id);
      return {
        wallet: found,
        cursor: followed,
        tokens: await listTenantAssets(tx, tenantId, found.chain_id),
      };
    });
    const chain = deps.chains.get(wallet.chain_id);
    if (cursor === undefined) throw notNow();
    const assets = [chain.config.nativeAssetId, ...tokens.map(({ asset_id }) => asset_id)];
    const holdings = assets.map((asset_id) => ({ ...wallet, asset_id }));
    const amounts = await readBalances(chain, cursor.hash, holdings);
    if (amounts.size === 0) throw notNow();
    const data = holdings.flatMap((holding) => {
      const amount = amounts.get(holdingKey(holding));
      return amount === undefined ? [] : [{ assetId: holding.asset_id, amount: amount.toString() }];
    });
    return { status: 200, body: { blockHeight: cursor.height, data } };
  });
}

function notNow() {
  return appError('dependency_down', {
    retry: 'later',
    detail: 'no node has the newest block that is followed',
  });
}
