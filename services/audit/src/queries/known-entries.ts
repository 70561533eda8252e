import type { TenantId } from '@ironforge/kernel';
import type { AuditAggregateRow } from '@ironforge/schema';
import type { Tx } from '@ironforge/store';
import type { Entry } from '../entry/entry.ts';

/** What a log has of entries that are about to be stored. */
export interface KnownEntries {
  /** Events of theirs that have an entry already. */
  readonly events: ReadonlySet<string>;
  /** The last numbered version of each of their aggregates; none has 0. */
  readonly versions: ReadonlyMap<string, number>;
  /** Those of their aggregates of which something waits for its number. */
  readonly waiting: ReadonlySet<string>;
}

/** Looks up what a log has of these entries: three statements in one round trip. The sequencer's row is locked by the caller. */
export async function findKnown(
  tx: Tx,
  tenantId: TenantId,
  entries: readonly Entry[],
): Promise<KnownEntries> {
  const aggregates = [...aggregatesOf(entries)];
  const [events, versions, waiting] = await Promise.all([
    tx('audit_entries')
      .select<{ event_id: string }[]>('event_id')
      .where({ tenant_id: tenantId })
      .whereRaw('event_id = ANY(CAST(? AS UUID[]))', [entries.map(({ eventId }) => eventId)]),
    tx('audit_aggregates')
      .select<Pick<AuditAggregateRow, 'aggregate' | 'version'>[]>('aggregate', 'version')
      .where({ tenant_id: tenantId })
      .whereRaw('aggregate = ANY(CAST(? AS TEXT[]))', [aggregates]),
    tx('audit_entries')
      .distinct<{ aggregate: string }[]>('aggregate')
      .where({ tenant_id: tenantId })
      .whereNull('sequence')
      .whereRaw('aggregate = ANY(CAST(? AS TEXT[]))', [aggregates]),
  ]);
  return {
    events: new Set(events.map(({ event_id }) => event_id)),
    versions: new Map(versions.map(({ aggregate, version }) => [aggregate, version])),
    waiting: new Set(waiting.map(({ aggregate }) => aggregate)),
  };
}

/** What stands outside an aggregate has no version to look for. */
function aggregatesOf(entries: readonly Entry[]): readonly string[] {
  const versioned = entries.filter(({ aggregateVersion }) => aggregateVersion > 0);
  return [...new Set(versioned.map(({ aggregate }) => aggregate))];
}
