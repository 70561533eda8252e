import type { WatchedAssetRow } from '@ironforge/schema';
import type { Tx } from '@ironforge/store';

const COLUMNS = ['tenant_id', 'asset_id'] as const;

/** A token that a tenant follows. */
export type WatchedAsset = Pick<WatchedAssetRow, (typeof COLUMNS)[number]>;

/** Begins to follow a token contract; nothing changes when the tenant does so already. */
export async function insertWatchedAsset(tx: Tx, asset: Omit<WatchedAssetRow, 'created_at'>): Promise<void> {
  await tx('watched_assets').insert(asset).onConflict(['tenant_id', 'chain_id', 'asset_id']).ignore();
}

/** Which tenants follow which of these assets. */
export async function findWatchedAssets(
  tx: Tx,
  chainId: string,
  assetIds: readonly string[],
): Promise<WatchedAsset[]> {
  if (assetIds.length === 0) return [];
  return await tx('watched_assets')
    .select<WatchedAsset[]>(...COLUMNS)
    .where({ chain_id: chainId })
    .whereRaw('asset_id = ANY(?)', [[...assetIds]]);
}

/** The tokens that one tenant follows on a chain. */
export async function listTenantAssets(tx: Tx, tenantId: string, chainId: string): Promise<WatchedAsset[]> {
  return await tx('watched_assets')
    .select<WatchedAsset[]>(...COLUMNS)
    .where({ tenant_id: tenantId, chain_id: chainId });
}

/** The tokens that some tenants follow on a chain. */
export async function listAssetsOfTenants(
  tx: Tx,
  chainId: string,
  tenantIds: readonly string[],
): Promise<WatchedAsset[]> {
  return await tx('watched_assets')
    .select<WatchedAsset[]>(...COLUMNS)
    .where({ chain_id: chainId })
    .whereRaw('tenant_id = ANY(?)', [[...tenantIds]]);
}
