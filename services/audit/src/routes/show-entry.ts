import { placeOf } from '../entry/canonical.ts';
import type { ShownEntry } from '../queries/audit-entries.ts';

/** An entry as the API answers it. */
export function showEntry(row: ShownEntry) {
  return {
    id: row.id,
    sequence: Number(row.sequence),
    eventId: row.event_id,
    aggregate: placeOf(row),
    type: row.type,
    resourceType: row.resource_type,
    resourceId: row.resource_id,
    action: row.action,
    status: row.status,
    actor: { type: row.actor_type, id: row.actor_id },
    authority: row.authority,
    requestId: row.request_id,
    chainId: row.chain_id,
    txHash: row.tx_hash,
    occurredAt: row.occurred_at.toISOString(),
    details: row.details,
    personal: row.personal,
  };
}
