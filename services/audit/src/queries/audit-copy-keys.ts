import type { TenantId } from '@ironforge/kernel';
import type { AuditCopyKeyRow } from '@ironforge/schema';
import type { Tx } from '@ironforge/store';

/** Whose texts a key opens: one tenant's of one category and month. */
export type CopyKeyPlace = Pick<AuditCopyKeyRow, 'category' | 'month'>;

/** A key as it is kept, encrypted by the installation's key. */
export type WrappedKey = CopyKeyPlace & Pick<AuditCopyKeyRow, 'wrapped'>;

/** Keeps keys where there are none yet; those that are there stay. */
export async function insertCopyKeys(tx: Tx, tenantId: TenantId, keys: readonly WrappedKey[]): Promise<void> {
  if (keys.length === 0) return;
  await tx('audit_copy_keys')
    .insert(
      keys.map(({ category, month, wrapped }) => ({
        tenant_id: tenantId,
        category,
        month,
        wrapped: Buffer.from(wrapped),
      })),
    )
    .onConflict(['tenant_id', 'category', 'month'])
    .ignore();
}

/** The keys of these places, as far as there are any. */
export async function findCopyKeys(
  tx: Tx,
  tenantId: TenantId,
  places: readonly CopyKeyPlace[],
): Promise<WrappedKey[]> {
  if (places.length === 0) return [];
  return await tx('audit_copy_keys')
    .select<WrappedKey[]>('category', 'month', 'wrapped')
    .where({ tenant_id: tenantId })
    .whereIn(
      ['category', 'month'],
      places.map(({ category, month }) => [category, month]),
    );
}

/** Deletes a key: what was encrypted by it is read by nobody any more. */
export async function deleteCopyKey(
  tx: Tx,
  tenantId: TenantId,
  { category, month }: CopyKeyPlace,
): Promise<void> {
  await tx('audit_copy_keys').where({ tenant_id: tenantId, category, month }).delete();
}
