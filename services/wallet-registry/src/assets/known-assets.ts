import type { TenantId } from '@ironforge/kernel';
import type { Tx } from '@ironforge/store';
import type { Chains } from '../chains.ts';
import { findAssets } from '../queries/assets.ts';
import { type ShownAsset, coinOf, showAsset } from './show-asset.ts';

/** The coins of the installation and the tokens of the tenant among these assets, by id. */
export async function knownAssets(
  tx: Tx,
  { chains, tenantId }: { readonly chains: Chains; readonly tenantId: TenantId },
  assetIds: readonly string[],
): Promise<ReadonlyMap<string, ShownAsset>> {
  const coins = chains.all.map(coinOf).filter(({ assetId }) => assetIds.includes(assetId));
  const others = assetIds.filter((id) => !coins.some(({ assetId }) => assetId === id));
  const tokens = others.length === 0 ? [] : (await findAssets(tx, tenantId, others)).map(showAsset);
  return new Map([...coins, ...tokens].map((asset) => [asset.assetId, asset]));
}
