import type { EntryRow } from './log-reader.ts';

/** The row of an entry about one wallet, as the database holds it; for what only asks for its number and its text. */
export function entryRow(sequence: number, fields: Partial<EntryRow> = {}): EntryRow {
  return {
    id: `entry ${sequence}`,
    tenant_id: 'tenant',
    sequence,
    event_id: `event ${sequence}`,
    aggregate: 'wallet:1',
    aggregate_version: 0,
    type: 'wallet_updated',
    resource_type: 'wallet',
    resource_id: '1',
    action: 'update',
    status: 'success',
    actor_type: 'user',
    actor_id: 'x',
    authority: null,
    personal: null,
    request_id: null,
    chain_id: null,
    tx_hash: null,
    occurred_at: new Date(0),
    details: {},
    canonical: '{}',
    search_terms: [],
    ...fields,
  };
}
