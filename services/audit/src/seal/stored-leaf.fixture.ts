import type { TenantId } from '@ironforge/kernel';
import type { TestDatabase } from '@ironforge/testing';

/** Writes the leaf that an entry's present text makes into the stored tile, as whoever has the database but no key could; of the first 256 entries. */
export async function putOwnLeaf(
  database: TestDatabase,
  tenantId: TenantId,
  sequence: number,
): Promise<void> {
  await database.query(
    `UPDATE audit_tiles t
     SET hashes = overlay(t.hashes PLACING sha256('\\x00'::BYTEA || convert_to(e.canonical, 'UTF8')) FROM $3 FOR 32)
     FROM audit_entries e WHERE e.tenant_id = $1 AND e.sequence = $2
       AND t.tenant_id = e.tenant_id AND t.level = 0 AND t.place = 0`,
    [tenantId, sequence, (sequence - 1) * 32 + 1],
  );
}
