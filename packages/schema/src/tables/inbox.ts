import { type RowOf, table } from '../table.ts';

/** What a consumer has taken in, written in the transaction of the effect. */
export const inbox = table('inbox', {
  consumer: 'varchar',
  message_id: 'uuid',
  tenant_id: 'uuid',
  received_at: 'timestamptz',
});

export type InboxRow = RowOf<typeof inbox>;
