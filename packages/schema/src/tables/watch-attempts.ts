import { type RowOf, table } from '../table.ts';

/** The attempts of each watch, as they were broadcast; owned by chain-watcher. */
export const watchAttempts = table('watch_attempts', {
  attempt_id: 'uuid',
  tenant_id: 'uuid',
  tx_request_id: 'uuid',
  chain_id: 'text',
  address: 'varchar',
  nonce: 'int8',
  tx_hash: 'varchar',
  raw: 'text',
  had_at: 'timestamptz?',
  created_at: 'timestamptz',
  newest_command: 'text?',
});

export type WatchAttemptRow = RowOf<typeof watchAttempts>;
