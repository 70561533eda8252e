import { parseAssetId } from '@ironforge/chain-evm';
import { causeOfMessage, type StateHandler } from '@ironforge/service-kit';
import type { WatcherDeps } from '../deps.ts';
import { findCursor } from '../queries/chain-cursors.ts';
import { listTenantAddresses } from '../queries/watched-addresses.ts';
import { insertWatchedAsset } from '../queries/watched-assets.ts';

/** Begins to follow a tenant's token, and has its balance read for every wallet of the tenant on that chain. */
export function assetCreated(deps: WatcherDeps): StateHandler<'asset.created'> {
  return async (tx, event) => {
    const { assetId, chainId } = event.data.asset;
    const chain = deps.chains.find(chainId);
    const asset = chain && parseAssetId(chain.config, assetId);
    if (!asset || asset.kind === 'native') return;
    const place = { tenant_id: event.tenantid, chain_id: chainId };
    await insertWatchedAsset(tx, { ...place, asset_id: assetId, contract: asset.contract });
    const height = (await findCursor(tx, chainId))?.height ?? 0;
    const seen = { chainId, height, cause: causeOfMessage(event, 'chain-watcher') };
    const wallets = await listTenantAddresses(tx, event.tenantid, chainId);
    await deps.outbox.add(
      tx,
      wallets.map((wallet) => deps.messages.readBalances(seen, wallet)),
    );
  };
}
