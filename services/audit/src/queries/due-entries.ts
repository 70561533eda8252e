import type { TenantId } from '@ironforge/kernel';
import type { AuditEntryRow } from '@ironforge/schema';
import type { Tx } from '@ironforge/store';

/** Entries of these types that the log took in from one time (included) to another (excluded). */
export interface Span {
  readonly types: readonly string[];
  readonly start: Date;
  readonly end: Date;
}

/** The oldest time in a span at which the log took an entry in; null when there is none. One look into the index for each type. */
export async function oldestIn(tx: Tx, tenantId: TenantId, span: Span): Promise<Date | null> {
  const { rows } = await tx.raw<{ rows: [{ oldest: Date | null }] }>(OLDEST_IN, {
    tenantId,
    ...bindings(span),
  });
  return rows[0].oldest;
}

const OLDEST_IN = `
  SELECT MIN(e.created_at) AS oldest FROM unnest(:types::TEXT[]) AS t (type), LATERAL (
    SELECT created_at FROM audit_entries
    WHERE tenant_id = :tenantId AND type = t.type AND created_at >= :start AND created_at < :end
    ORDER BY created_at LIMIT 1
  ) e`;

/** Fields that an entry must fit; times are those of the event, from (included) to (excluded). */
export interface EntryFields {
  readonly types: readonly string[] | null;
  readonly resourceType?: string | undefined;
  readonly resourceId?: string | undefined;
  readonly actorId?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** Whether an entry of the span fits. */
export async function hasFitting(
  tx: Tx,
  tenantId: TenantId,
  { span, fields }: { readonly span: Span; readonly fields: EntryFields },
): Promise<boolean> {
  const { types, resourceType, resourceId, actorId, from, to } = fields;
  const query = within(tx, tenantId, span);
  if (types !== null) void query.whereIn('type', types);
  if (resourceType !== undefined) void query.where({ resource_type: resourceType });
  if (resourceId !== undefined) void query.where({ resource_id: resourceId });
  if (actorId !== undefined) void query.where({ actor_id: actorId });
  if (from !== undefined) void query.where('occurred_at', '>=', from);
  if (to !== undefined) void query.where('occurred_at', '<', to);
  return (await query.first('id')) !== undefined;
}

/** A sealed entry that is to be pruned: its text, and the columns by which it was found or could be held. */
export interface DueEntry extends ComparedColumns {
  readonly sequence: bigint;
  readonly canonical: string;
}

type ComparedColumns = Pick<
  AuditEntryRow,
  'id' | 'event_id' | 'type' | 'resource_type' | 'resource_id' | 'actor_type' | 'actor_id' | 'occurred_at'
>;

/** The first entries of a span as the log took them in, none above the number `upTo`; ascending by number. */
export async function firstDue(
  tx: Tx,
  tenantId: TenantId,
  { span, upTo, limit }: { readonly span: Span; readonly upTo: bigint; readonly limit: number },
): Promise<DueEntry[]> {
  const { rows } = await tx.raw<{ rows: DueEntry[] }>(FIRST_DUE, {
    tenantId,
    ...bindings(span),
    upTo: upTo.toString(),
    limit,
  });
  return rows;
}

/** So many of each type are looked at, by the index, and the first of all are taken: however many there are, it costs the same. */
const FIRST_DUE = `
  WITH due AS (
    SELECT e.id FROM unnest(:types::TEXT[]) AS t (type), LATERAL (
      SELECT id, sequence, created_at FROM audit_entries
      WHERE tenant_id = :tenantId AND type = t.type AND created_at >= :start AND created_at < :end AND sequence <= :upTo
      ORDER BY created_at, sequence LIMIT :limit
    ) e ORDER BY e.created_at, e.sequence LIMIT :limit
  )
  SELECT e.id, e.event_id, e.sequence, e.canonical, e.type, e.resource_type, e.resource_id, e.actor_type, e.actor_id,
    e.occurred_at FROM due JOIN audit_entries e ON e.id = due.id
  WHERE e.tenant_id = :tenantId ORDER BY e.sequence`;

function bindings({ types, start, end }: Span) {
  return { types: [...types], start, end };
}

/** Removes entries for good; gives how many there were. */
export async function deleteEntries(tx: Tx, tenantId: TenantId, ids: readonly string[]): Promise<number> {
  return await tx('audit_entries').where({ tenant_id: tenantId }).whereIn('id', ids).delete();
}

function within(tx: Tx, tenantId: TenantId, { types, start, end }: Span) {
  return tx('audit_entries')
    .where({ tenant_id: tenantId })
    .whereIn('type', types)
    .where('created_at', '>=', start)
    .where('created_at', '<', end);
}
