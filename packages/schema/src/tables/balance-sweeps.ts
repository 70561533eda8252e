import { type RowOf, table } from '../table.ts';

/** How far the sweep of each chain has come; owned by chain-watcher. */
export const balanceSweeps = table('balance_sweeps', {
  chain_id: 'text',
  height: 'int8?',
  hash: 'varchar?',
  block_time: 'timestamptz?',
  after_tenant: 'uuid?',
  after_address: 'varchar?',
  last_height: 'int8?',
  since_height: 'int8?',
  version: 'int8',
  created_at: 'timestamptz',
  updated_at: 'timestamptz',
});

export type BalanceSweepRow = RowOf<typeof balanceSweeps>;
