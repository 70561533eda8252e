import type { BoundRoute } from '@ironforge/service-kit';
import type { RegistryDeps } from './deps.ts';
import { archiveWallet } from './routes/archive-wallet.ts';
import { createAsset } from './routes/create-asset.ts';
import { createWallet } from './routes/create-wallet.ts';
import { getBalances } from './routes/get-balances.ts';
import { getWallet } from './routes/get-wallet.ts';
import { listAssets } from './routes/list-assets.ts';
import { listWallets } from './routes/list-wallets.ts';
import { resolveWallet } from './routes/resolve-wallet.ts';
import { updateWallet } from './routes/update-wallet.ts';

/** Every route of the registry, bound. */
export function registryRoutes(deps: RegistryDeps): BoundRoute[] {
  const wallets = [createWallet, listWallets, getWallet, updateWallet, archiveWallet, getBalances];
  const assets = [listAssets, createAsset];
  return [...wallets, ...assets, resolveWallet].map((route) => route(deps));
}
