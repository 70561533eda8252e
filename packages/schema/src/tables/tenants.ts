import { type RowOf, table } from '../table.ts';

/** Tenants with their plan; owned by identity. */
export const tenants = table('tenants', {
  id: 'uuid',
  name: 'varchar',
  plan: 'varchar',
  status: 'varchar',
  max_wallets: 'int4',
  max_transactions_per_day: 'int4',
  api_rate_limit: 'int4',
  version: 'int4',
  created_at: 'timestamptz',
  updated_at: 'timestamptz',
});

export type TenantRow = RowOf<typeof tenants>;
