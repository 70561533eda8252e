import type { TenantId } from '@ironforge/kernel';
import type { LegalHoldRow } from '@ironforge/schema';
import type { RowPlace } from '@ironforge/service-kit';
import type { Tx } from '@ironforge/store';

/** A legal hold as it is kept. */
export type StoredHold = Omit<LegalHoldRow, 'tenant_id'>;

const SHOWN = ['id', 'name', 'reason', 'scope', 'placed_at', 'released_at', 'release_reason'] as const;

/** Places a hold; the tenant's retention is locked by the caller. */
export async function insertHold(tx: Tx, tenantId: TenantId, hold: StoredHold): Promise<void> {
  await tx('legal_holds').insert({ ...hold, tenant_id: tenantId, scope: JSON.stringify(hold.scope) });
}

/** One hold, or undefined. */
export async function findHold(tx: Tx, tenantId: TenantId, id: string): Promise<StoredHold | undefined> {
  return await tx('legal_holds')
    .first<StoredHold | undefined>(...SHOWN)
    .where({ tenant_id: tenantId, id });
}

/** The holds in force, in the order of their ids. */
export async function activeHolds(tx: Tx, tenantId: TenantId): Promise<StoredHold[]> {
  return await tx('legal_holds')
    .select<StoredHold[]>(...SHOWN)
    .where({ tenant_id: tenantId })
    .whereNull('released_at')
    .orderBy('id');
}

/** Holds before a place, newest first; null for the first page. */
export async function listHolds(
  tx: Tx,
  tenantId: TenantId,
  { after, count }: { readonly after: RowPlace | null; readonly count: number },
): Promise<StoredHold[]> {
  const query = tx('legal_holds')
    .select<StoredHold[]>(...SHOWN)
    .where({ tenant_id: tenantId })
    .orderBy([
      { column: 'placed_at', order: 'desc' },
      { column: 'id', order: 'desc' },
    ])
    .limit(count);
  if (after !== null) void query.whereRaw('(placed_at, id) < (?, ?)', [after.createdAt, after.id]);
  return await query;
}

/** Ends a hold; the tenant's retention is locked by the caller. */
export async function releaseHold(
  tx: Tx,
  tenantId: TenantId,
  { id, released_at, release_reason }: Pick<StoredHold, 'id' | 'released_at' | 'release_reason'>,
): Promise<void> {
  await tx('legal_holds').where({ tenant_id: tenantId, id }).update({ released_at, release_reason });
}
