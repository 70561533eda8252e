import type { TenantId } from '@ironforge/kernel';
import type { AssetRow } from '@ironforge/schema';
import type { Tx } from '@ironforge/store';

const COLUMNS = [
  'tenant_id',
  'asset_id',
  'chain_id',
  'symbol',
  'name',
  'decimals',
  'logo_url',
  'version',
  'created_at',
  'updated_at',
] as const;

/** An asset as the registry reads it. */
export type Asset = Pick<AssetRow, (typeof COLUMNS)[number]>;

/** Stores an asset; false when the tenant knows it already. */
export async function insertAsset(tx: Tx, asset: Asset): Promise<boolean> {
  const rows = await tx<AssetRow>('assets')
    .insert(asset)
    .onConflict(['tenant_id', 'asset_id'])
    .ignore()
    .returning('asset_id');
  return rows.length === 1;
}

/** The known ones among these assets. */
export async function findAssets(tx: Tx, tenantId: TenantId, assetIds: readonly string[]): Promise<Asset[]> {
  return tx<AssetRow>('assets')
    .select(...COLUMNS)
    .where({ tenant_id: tenantId })
    .whereIn('asset_id', assetIds);
}

/** The place of an asset in the list: by creation, then by id. */
export interface AssetPlace {
  readonly createdAt: Date;
  readonly assetId: string;
}

/** What a list of assets asks for. */
export interface AssetFilter {
  readonly chainId?: string | undefined;
  readonly after: AssetPlace | null;
  readonly count: number;
}

/** The tokens that the tenant made known, newest first. */
export async function listAssets(tx: Tx, tenantId: TenantId, filter: AssetFilter): Promise<Asset[]> {
  const query = tx<AssetRow>('assets')
    .select(...COLUMNS)
    .where({ tenant_id: tenantId });
  if (filter.chainId !== undefined) void query.where({ chain_id: filter.chainId });
  if (filter.after !== null)
    void query.whereRaw('(created_at, asset_id) < (?, ?)', [filter.after.createdAt, filter.after.assetId]);
  return query.orderByRaw('created_at DESC, asset_id DESC').limit(filter.count);
}
