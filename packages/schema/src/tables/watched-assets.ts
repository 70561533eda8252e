import { type RowOf, table } from '../table.ts';

/** Token contracts that a tenant follows; owned by chain-watcher. */
export const watchedAssets = table('watched_assets', {
  tenant_id: 'uuid',
  chain_id: 'text',
  asset_id: 'text',
  contract: 'varchar',
  created_at: 'timestamptz',
});

export type WatchedAssetRow = RowOf<typeof watchedAssets>;
