import { type RowOf, table } from '../table.ts';

/** What a service will publish, written in the transaction of its state change. */
export const outbox = table('outbox', {
  id: 'uuid',
  tenant_id: 'uuid',
  service: 'varchar',
  exchange: 'varchar',
  routing_key: 'varchar',
  body: 'text',
  state: 'varchar',
  claimed_until: 'timestamptz',
  created_at: 'timestamptz',
  published_at: 'timestamptz?',
});

export type OutboxRow = RowOf<typeof outbox>;
