import type { TenantId } from '@ironforge/kernel';
import type { AuditEntryRow } from '@ironforge/schema';
import type { Tx } from '@ironforge/store';

/** Entries of these types that the log took in from one time (included) to another (excluded). */
export interface Span {
  readonly types: readonly string[];
  readonly start: Date;
  readonly end: Date;
}

/** The oldest time in a span at which the log took an entry in; null when there is none. */
export async function oldestIn(tx: Tx, tenantId: TenantId, span: Span): Promise<Date | null> {
  const row = await within(tx, tenantId, span)
    .orderBy('created_at')
    .first<Pick<AuditEntryRow, 'created_at'> | undefined>('created_at');
  return row?.created_at ?? null;
}

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

/** A sealed entry that is to be pruned. */
export interface DueEntry {
  readonly id: string;
  readonly event_id: string;
  readonly sequence: bigint;
  readonly canonical: string;
}

/** The first entries of a span by number, none above `upTo`. */
export async function firstDue(
  tx: Tx,
  tenantId: TenantId,
  { span, upTo, limit }: { readonly span: Span; readonly upTo: bigint; readonly limit: number },
): Promise<DueEntry[]> {
  return await within(tx, tenantId, span)
    .select<DueEntry[]>('id', 'event_id', 'sequence', 'canonical')
    .where('sequence', '<=', upTo.toString())
    .orderBy('sequence')
    .limit(limit);
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
