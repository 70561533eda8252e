import { type RowOf, table } from '../table.ts';

/** Assets that a tenant knows; owned by wallet-registry. */
export const assets = table('assets', {
  tenant_id: 'uuid',
  asset_id: 'text',
  chain_id: 'text',
  symbol: 'varchar',
  name: 'varchar',
  decimals: 'int4',
  logo_url: 'varchar?',
  version: 'int4',
  created_at: 'timestamptz',
  updated_at: 'timestamptz',
});

export type AssetRow = RowOf<typeof assets>;
