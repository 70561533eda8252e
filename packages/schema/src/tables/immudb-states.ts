import { type RowOf, table } from '../table.ts';

/** The newest proved state of each database of immudb's; owned by audit. */
export const immudbStates = table('immudb_states', {
  database: 'varchar',
  server_uuid: 'varchar',
  tx_id: 'int8',
  tx_hash: 'varchar',
  proved_at: 'timestamptz',
});

export type ImmudbStateRow = RowOf<typeof immudbStates>;
