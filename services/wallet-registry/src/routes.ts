import type { BoundRoute } from '@ironforge/service-kit';
import type { RegistryDeps } from './deps.ts';
import { applyWalletChange } from './routes/apply-wallet-change.ts';
import { archiveWallet } from './routes/archive-wallet.ts';
import { createAddressEntry } from './routes/create-address-entry.ts';
import { createAsset } from './routes/create-asset.ts';
import { createWallet } from './routes/create-wallet.ts';
import { getBalances } from './routes/get-balances.ts';
import { getWallet } from './routes/get-wallet.ts';
import { listAddressEntries } from './routes/list-address-entries.ts';
import { listAssets } from './routes/list-assets.ts';
import { listWallets } from './routes/list-wallets.ts';
import { removeAddressEntry } from './routes/remove-address-entry.ts';
import { resolveAddresses } from './routes/resolve-addresses.ts';
import { resolveWallet } from './routes/resolve-wallet.ts';
import { updateWallet } from './routes/update-wallet.ts';
import { verifyAddressEntry } from './routes/verify-address-entry.ts';

/** Every route of the registry, bound. */
export function registryRoutes(deps: RegistryDeps): BoundRoute[] {
  const wallets = [createWallet, listWallets, getWallet, updateWallet, archiveWallet, getBalances];
  const assets = [listAssets, createAsset];
  const book = [createAddressEntry, listAddressEntries, verifyAddressEntry, removeAddressEntry];
  return [...wallets, ...assets, ...book, resolveWallet, resolveAddresses, applyWalletChange].map((route) =>
    route(deps),
  );
}
