import { type RowOf, table } from '../table.ts';

/** What assets cost, for rules over fiat amounts; owned by tx-orchestrator. */
export const assetPrices = table('asset_prices', {
  id: 'uuid',
  tenant_id: 'uuid',
  asset_id: 'text',
  currency: 'varchar',
  pushed_by: 'uuid',
  price: 'varchar',
  decimals: 'int4',
  source: 'varchar',
  observed_at: 'timestamptz',
  received_at: 'timestamptz',
  created_at: 'timestamptz',
  updated_at: 'timestamptz',
});

export type AssetPriceRow = RowOf<typeof assetPrices>;
