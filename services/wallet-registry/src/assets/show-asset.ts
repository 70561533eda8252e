import type { ChainCoin } from '../config.ts';
import type { Asset } from '../queries/assets.ts';

/** An asset as clients see it. */
export interface ShownAsset {
  readonly assetId: string;
  readonly chainId: string;
  readonly symbol: string;
  readonly name: string;
  readonly decimals: number;
  readonly logoUrl: string | null;
}

/** A token that a tenant made known. */
export function showAsset(asset: Asset): ShownAsset {
  return {
    assetId: asset.asset_id,
    chainId: asset.chain_id,
    symbol: asset.symbol,
    name: asset.name,
    decimals: asset.decimals,
    logoUrl: asset.logo_url,
  };
}

/** The coin of a chain, which everybody knows. */
export function coinOf({ chainId, name, nativeAssetId, nativeSymbol, decimals }: ChainCoin): ShownAsset {
  return {
    assetId: nativeAssetId,
    chainId,
    symbol: nativeSymbol,
    name: `${name} coin`,
    decimals,
    logoUrl: null,
  };
}
