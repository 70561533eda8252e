import type { AssetPriceRow } from '@ironforge/schema';
import type { RowPlace } from '@ironforge/service-kit';
import type { Tx } from '@ironforge/store';

const COLUMNS = [
  'id',
  'tenant_id',
  'asset_id',
  'currency',
  'pushed_by',
  'price',
  'decimals',
  'source',
  'observed_at',
  'received_at',
] as const;

/** The newest that one person or program said about an asset in a currency. */
export type StandingPrice = Pick<AssetPriceRow, (typeof COLUMNS)[number]>;

/** Which prices, and from whom not. */
export interface PriceFilter {
  readonly assetId: string;
  readonly currencies: readonly string[];
  readonly exceptUserIds: readonly string[];
}

/** Stores what was observed, unless the same one has said something newer. */
export async function putPrice(tx: Tx, price: StandingPrice): Promise<void> {
  await tx('asset_prices')
    .insert(price)
    .onConflict(['tenant_id', 'asset_id', 'currency', 'pushed_by'])
    .merge(['price', 'decimals', 'source', 'observed_at', 'received_at'])
    .whereRaw('asset_prices.observed_at < excluded.observed_at');
}

/** What stands for an asset, the newest observation of each currency first. */
export async function findPrices(tx: Tx, tenantId: string, filter: PriceFilter): Promise<StandingPrice[]> {
  return await tx<AssetPriceRow>('asset_prices')
    .select(...COLUMNS)
    .where({ tenant_id: tenantId, asset_id: filter.assetId })
    .whereIn('currency', filter.currencies)
    .whereNotIn('pushed_by', filter.exceptUserIds)
    .orderByRaw('observed_at DESC, id');
}

/** What stands of what one person or program says of these, each an asset and a currency; in the order of both. */
export async function findOwnPrices(
  tx: Tx,
  { tenantId, userId }: { readonly tenantId: string; readonly userId: string },
  pairs: readonly (readonly [assetId: string, currency: string])[],
): Promise<StandingPrice[]> {
  return await tx<AssetPriceRow>('asset_prices')
    .select(...COLUMNS)
    .where({ tenant_id: tenantId, pushed_by: userId })
    .whereIn(
      ['asset_id', 'currency'],
      pairs.map((pair) => [...pair]),
    )
    .orderByRaw('asset_id, currency');
}

/** Prices, the one that came last first. */
export async function listStandingPrices(
  tx: Tx,
  tenantId: string,
  {
    assetId,
    after,
    count,
  }: {
    readonly assetId?: string | undefined;
    readonly after: RowPlace | null;
    readonly count: number;
  },
): Promise<StandingPrice[]> {
  const query = tx<AssetPriceRow>('asset_prices')
    .select(...COLUMNS)
    .where({ tenant_id: tenantId });
  if (assetId !== undefined) void query.where({ asset_id: assetId });
  if (after !== null) void query.whereRaw('(received_at, id) < (?, ?)', [after.createdAt, after.id]);
  return await query.orderByRaw('received_at DESC, id DESC').limit(count);
}
