import { type RowOf, table } from '../table.ts';

/** Addresses of wallets, and from which height they are watched; owned by chain-watcher. */
export const watchedAddresses = table('watched_addresses', {
  tenant_id: 'uuid',
  chain_id: 'text',
  address: 'varchar',
  wallet_id: 'uuid',
  user_id: 'uuid',
  from_height: 'int8',
  mined_count: 'int8?',
  quoted_count: 'int8?',
  created_at: 'timestamptz',
});

export type WatchedAddressRow = RowOf<typeof watchedAddresses>;
