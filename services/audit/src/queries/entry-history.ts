import type { TenantId } from '@ironforge/kernel';
import type { AuditEntryRow } from '@ironforge/schema';
import type { Tx } from '@ironforge/store';
import { SHOWN, type ShownEntry } from './audit-entries.ts';
import type { Span } from './entry-search.ts';

/** A resource of a tenant. */
export interface Resource {
  readonly kind: string;
  readonly id: string;
}

/** One page of a history: what is about a resource, and what these actors did. */
export interface HistoryPage extends Resource {
  readonly actorIds: readonly string[];
  readonly span: Span;
  readonly limit: number;
}

/** The numbered entries about a resource or by one of the actors, ascending: of each index a page at most is read, in its order. */
export async function findHistory(
  tx: Tx,
  tenantId: TenantId,
  { kind, id, actorIds, span, limit }: HistoryPage,
): Promise<ShownEntry[]> {
  const { rows } = await tx.raw<{ rows: ShownEntry[] }>(HISTORY, {
    tenantId,
    kind,
    id,
    actorIds: [...actorIds],
    after: span.after.toString(),
    upTo: span.upTo.toString(),
    limit,
  });
  return rows;
}

const COLUMNS = SHOWN.join(', ');

const HISTORY = `
  WITH found AS (
    (SELECT sequence FROM audit_entries
     WHERE tenant_id = :tenantId AND resource_type = :kind AND resource_id = :id AND sequence > :after AND sequence <= :upTo
     ORDER BY sequence LIMIT :limit)
    UNION
    SELECT done.sequence FROM unnest(:actorIds::TEXT[]) AS actors (id), LATERAL (
      SELECT sequence FROM audit_entries
      WHERE tenant_id = :tenantId AND actor_id = actors.id AND sequence > :after AND sequence <= :upTo
      ORDER BY sequence LIMIT :limit) AS done
  )
  SELECT ${COLUMNS} FROM audit_entries
  WHERE tenant_id = :tenantId AND sequence IN (SELECT sequence FROM found ORDER BY sequence LIMIT :limit)
  ORDER BY sequence`;

/** What the newest entry up to a number says of a resource: entries of its aggregate tell all of it. Undefined before the first. */
export async function findNewestDetails(
  tx: Tx,
  tenantId: TenantId,
  { kind, id, upTo }: Resource & { readonly upTo: bigint },
): Promise<unknown> {
  const row = await tx('audit_entries')
    .first<Pick<AuditEntryRow, 'details'> | undefined>('details')
    .where({ tenant_id: tenantId, resource_type: kind, resource_id: id })
    .where('sequence', '<=', upTo.toString())
    .where('aggregate_version', '>', 0)
    .orderBy('sequence', 'desc');
  return row?.details;
}

/** The ids of the API keys that were ever made for a user, among all that the tenant had. */
export async function findKeysOf(tx: Tx, tenantId: TenantId, userId: string): Promise<string[]> {
  const { rows } = await tx.raw<{ rows: Pick<AuditEntryRow, 'resource_id'>[] }>(
    `SELECT DISTINCT resource_id FROM audit_entries
     WHERE tenant_id = :tenantId AND type = 'api_key_created' AND sequence IS NOT NULL
       AND details -> 'apiKey' ->> 'userId' = :userId`,
    { tenantId, userId },
  );
  return rows.map(({ resource_id: id }) => id);
}
