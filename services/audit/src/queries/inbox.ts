import type { Tx } from '@ironforge/store';
import type { Entry } from '../entry/entry.ts';

/** Notes that the events of these entries were taken in; those noted before are left alone. */
export function insertInbox(tx: Tx, consumer: string, entries: readonly Entry[]): void {
  const tenantIds = entries.map(({ tenantId }) => tenantId);
  const eventIds = entries.map(({ eventId }) => eventId);
  tx.send(tx.raw(TAKE_IN, { consumer, tenantIds, eventIds }));
}

/** One text for any number of them, so that it is parsed and planned once. */
const TAKE_IN = `
  INSERT INTO inbox (consumer, message_id, tenant_id)
  SELECT :consumer, message_id, tenant_id FROM unnest(:eventIds::UUID[], :tenantIds::UUID[]) AS n (message_id, tenant_id)
  ON CONFLICT (consumer, message_id) DO NOTHING`;
