import { type RowOf, table } from '../table.ts';

/** Wallets of all tenants; owned by wallet-registry. */
export const wallets = table('wallets', {
  id: 'uuid',
  tenant_id: 'uuid',
  user_id: 'uuid',
  chain: 'varchar',
  chain_id: 'text',
  address: 'varchar',
  name: 'varchar',
  type: 'varchar',
  status: 'varchar',
  policy_id: 'uuid?',
  is_watch_only: 'boolean',
  is_default: 'boolean',
  tags: 'text[]',
  metadata: 'jsonb',
  version: 'int4',
  created_at: 'timestamptz',
  updated_at: 'timestamptz',
  watch_asked_at: 'timestamptz?',
});

export type WalletRow = RowOf<typeof wallets>;
