import type { Tx } from '@ironforge/store';
import type { Entry } from '../entry/entry.ts';

/** Notes that the events of these entries were taken in; those noted before are left alone. */
export function insertInbox(tx: Tx, consumer: string, entries: readonly Entry[]): void {
  const rows = entries.map(({ tenantId, eventId }) => ({
    consumer,
    message_id: eventId,
    tenant_id: tenantId,
  }));
  tx.send(tx('inbox').insert(rows).onConflict(['consumer', 'message_id']).ignore());
}
