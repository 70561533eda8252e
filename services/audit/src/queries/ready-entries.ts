import type { TenantId } from '@ironforge/kernel';
import type { AuditEntryRow } from '@ironforge/schema';
import type { Tx } from '@ironforge/store';
import type { Entry } from '../entry/entry.ts';
import { type SHOWN, toRow } from './audit-entries.ts';

/** An entry whose turn has come. */
export type ReadyEntry = Pick<AuditEntryRow, (typeof SHOWN)[number]> & {
  /** The last numbered version of the aggregate; a version at or below it came a second time. */
  readonly base_version: number;
};

/**
 * The entries that can be numbered now, in the order in which they shall be: of each aggregate the unbroken run of
 * versions after the last numbered one, by time. A run keeps its order because the time of an entry never counts as
 * earlier than that of a lower version. Of a long queue the oldest are looked at first, and more only while they are too few.
 */
export async function readyEntries(tx: Tx, tenantId: TenantId, limit: number): Promise<ReadyEntry[]> {
  for (let window = limit * WINDOW; ; window *= WIDER) {
    const { rows } = await tx.raw<{ rows: Looked[] }>(READY, { tenantId, limit, window });
    const ready = rows.filter((row): row is Looked & ReadyEntry => row.id !== null);
    const lookedAt = Number(rows[0]?.looked_at ?? 0);
    if (ready.length === limit || lookedAt < window)
      return ready.map(({ looked_at: _lookedAt, ...row }) => row);
  }
}

/** What every row says beside an entry, for there is one also when no entry is ready. */
type Looked = { readonly looked_at: bigint } & (ReadyEntry | { readonly id: null });

/** So many times a batch is looked at, and so many times more when that was not enough. */
const WINDOW = 2;
const WIDER = 8;

/** Whole rows go through it: to join them by id afterwards is a loop over all of a tenant's for whoever counts on few. */
const READY = `
  WITH oldest AS (
    SELECT id, tenant_id, event_id, aggregate, aggregate_version, type, resource_type, resource_id, action, status,
      actor_type, actor_id, authority, request_id, chain_id, tx_hash, occurred_at, details, personal
    FROM audit_entries WHERE tenant_id = :tenantId AND sequence IS NULL ORDER BY created_at LIMIT :window
  ), waiting AS (
    SELECT e.*, COALESCE(a.version, 0) AS base_version,
      DENSE_RANK() OVER (
        PARTITION BY e.aggregate, e.aggregate_version > COALESCE(a.version, 0) ORDER BY e.aggregate_version
      ) AS place,
      MAX(e.occurred_at) OVER (PARTITION BY e.aggregate ORDER BY e.aggregate_version) AS turn
    FROM oldest e
    LEFT JOIN audit_aggregates a ON a.tenant_id = e.tenant_id AND a.aggregate = e.aggregate
  ), ready AS (
    SELECT * FROM waiting
    WHERE aggregate_version <= base_version OR aggregate_version - base_version = place
    ORDER BY turn, aggregate, aggregate_version, event_id
    LIMIT :limit
  )
  SELECT l.looked_at, r.id, r.tenant_id, r.event_id, r.aggregate, r.aggregate_version, r.base_version, r.type, r.resource_type,
    r.resource_id, r.action, r.status, r.actor_type, r.actor_id, r.authority, r.request_id, r.chain_id, r.tx_hash, r.occurred_at,
    r.details, r.personal
  FROM (SELECT count(*) AS looked_at FROM oldest) AS l LEFT JOIN ready r ON TRUE
  ORDER BY r.turn, r.aggregate, r.aggregate_version, r.event_id`;

/**
 * The row of an entry that waits for no other, as it would be read: what is in JSON there has been through JSON. `baseVersion` is the
 * last numbered version of its aggregate.
 */
export function readyAtOnce(entry: Entry, baseVersion: number): ReadyEntry {
  const { details, authority, personal, ...row } = toRow(entry);
  return {
    ...row,
    sequence: null,
    base_version: baseVersion,
    details: JSON.parse(details),
    authority: authority === null ? null : JSON.parse(authority),
    personal: personal === null ? null : JSON.parse(personal),
  };
}
