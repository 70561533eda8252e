import type { TenantId } from '@ironforge/kernel';
import type { Tx } from '@ironforge/store';

/** A sealed entry that no word finds yet. */
export interface UnfoundEntry {
  readonly tenant_id: TenantId;
  readonly id: string;
  readonly canonical: string;
}

/** Sealed entries of all tenants that have no terms, some at a time. */
export async function entriesWithoutTerms(tx: Tx, limit: number): Promise<UnfoundEntry[]> {
  const { rows } = await tx.raw<{ rows: UnfoundEntry[] }>(
    `SELECT tenant_id, id, canonical FROM audit_entries
     WHERE sequence IS NOT NULL AND search_terms IS NULL ORDER BY tenant_id, sequence LIMIT :limit`,
    { limit },
  );
  return rows;
}

/** The terms of an entry that has none. */
export interface Finding {
  readonly tenantId: TenantId;
  readonly id: string;
  readonly terms: readonly string[];
}

/** Gives entries their terms; those that got them meanwhile keep them. */
export async function fillTerms(tx: Tx, findings: readonly Finding[]): Promise<void> {
  await tx.raw(
    `UPDATE audit_entries e SET search_terms = string_to_array(n.terms, ' ')
     FROM unnest(:tenantIds::UUID[], :ids::UUID[], :terms::TEXT[]) AS n (tenant_id, id, terms)
     WHERE e.tenant_id = n.tenant_id AND e.id = n.id AND e.search_terms IS NULL`,
    {
      tenantIds: findings.map(({ tenantId }) => tenantId),
      ids: findings.map(({ id }) => id),
      terms: findings.map(({ terms }) => terms.join(' ')),
    },
  );
}
