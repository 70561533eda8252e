import { INTERNAL_ROUTES } from '@ironforge/contracts';
import { branded, type TenantId } from '@ironforge/kernel';
import { type BoundRoute, bindForServices } from '@ironforge/service-kit';
import { knownAssets } from '../assets/known-assets.ts';
import { canonicalAssetId } from '../assets/read-asset-id.ts';
import type { ShownAsset } from '../assets/show-asset.ts';
import type { RegistryDeps } from '../deps.ts';
import { knownAddresses } from './resolve-addresses.ts';
import { findWallet, type Wallet } from '../queries/wallets.ts';
import { describeWallet } from '../wallets/show-wallet.ts';

/** What a transfer needs to know of a wallet and an asset, in any case of letters; null where there is none. */
export function resolveWallet({ store, chains }: RegistryDeps): BoundRoute {
  return bindForServices(INTERNAL_ROUTES.getWalletForTransfer, async ({ body }) => {
    const { walletId } = body;
    const assetId = canonicalAssetId(chains, body.assetId);
    const tenantId = branded<TenantId>(body.tenantId);
    const found = await store
      .forTenant(tenantId)
      .read(
        async (tx) =>
          await Promise.all([
            findWallet(tx, tenantId, walletId),
            knownAssets(tx, { chains, tenantId }, assetId === null ? [] : [assetId]),
            knownAddresses(tx, tenantId, body.destination),
          ]),
      );
    const [wallet, assets, known] = found;
    const [asset] = assets.values();
    return {
      status: 200,
      body: { wallet: transferWallet(wallet), asset: transferAsset(asset), known },
    };
  });
}

function transferWallet(wallet: Wallet | undefined) {
  if (wallet === undefined) return null;
  const { name: _name, type: _type, ...rest } = describeWallet(wallet);
  return rest;
}

function transferAsset(asset: ShownAsset | undefined) {
  if (asset === undefined) return null;
  const { assetId, chainId, symbol, decimals } = asset;
  return { assetId, chainId, symbol, decimals };
}
