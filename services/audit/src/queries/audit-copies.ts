import type { TenantId } from '@ironforge/kernel';
import type { AuditCheckpointRow, AuditCopyRow } from '@ironforge/schema';
import type { Tx } from '@ironforge/store';

/** So many entries of a tenant are in this database; 0 before the first. */
export async function findCopiedSize(tx: Tx, tenantId: TenantId, database: string): Promise<bigint> {
  const row = await tx('audit_copies')
    .first<Pick<AuditCopyRow, 'size'> | undefined>('size')
    .where({ tenant_id: tenantId, database })
    .orderBy('size', 'desc');
  return row?.size ?? 0n;
}

/** So many entries of a tenant are in a database, and the first checkpoints that are not, ascending. */
export interface UncopiedBatches {
  readonly after: bigint;
  readonly checkpoints: readonly Pick<AuditCheckpointRow, 'size' | 'note'>[];
}

/** What of a tenant's log is not in this database, at most so many batches of it. */
export async function uncopiedBatches(
  tx: Tx,
  tenantId: TenantId,
  { database, limit }: { readonly database: string; readonly limit: number },
): Promise<UncopiedBatches> {
  const { rows } = await tx.raw<{ rows: { after: bigint; size: bigint | null; note: string }[] }>(
    `WITH copied AS (
       SELECT COALESCE(MAX(size), 0) AS after FROM audit_copies WHERE tenant_id = :tenantId AND database = :database
     )
     SELECT copied.after, c.size, c.note FROM copied LEFT JOIN LATERAL (
       SELECT size, note FROM audit_checkpoints
       WHERE tenant_id = :tenantId AND size > copied.after ORDER BY size LIMIT :limit
     ) AS c ON TRUE ORDER BY c.size`,
    { tenantId, database, limit },
  );
  const checkpoints = rows.flatMap(({ size, note }) => (size === null ? [] : [{ size, note }]));
  return { after: rows[0]?.after ?? 0n, checkpoints };
}

/** A transaction of immudb's, as a proof names it. */
export type CopyRef = Pick<AuditCopyRow, 'tx_id' | 'tx_hash'>;

/** The transaction by which an entry came into this database; undefined as long as none has. */
export async function findCopy(
  tx: Tx,
  tenantId: TenantId,
  { database, sequence }: { readonly database: string; readonly sequence: bigint },
): Promise<CopyRef | undefined> {
  return await tx('audit_copies')
    .first<CopyRef | undefined>('tx_id', 'tx_hash')
    .where({ tenant_id: tenantId, database })
    .where('size', '>=', sequence.toString())
    .orderBy('size');
}

/** So many entries of a tenant were in this database by one of its transactions; 0 before the first. */
export async function findSizeByTx(
  tx: Tx,
  tenantId: TenantId,
  { database, txId }: { readonly database: string; readonly txId: bigint },
): Promise<bigint> {
  const row = await tx('audit_copies')
    .first<Pick<AuditCopyRow, 'size'> | undefined>('size')
    .where({ tenant_id: tenantId, database })
    .where('tx_id', '<=', txId.toString())
    .orderBy([
      { column: 'tx_id', order: 'desc' },
      { column: 'size', order: 'desc' },
    ]);
  return row?.size ?? 0n;
}

/** Up to this size the entries that follow another size are in one transaction of immudb's. */
export type Copied = Omit<AuditCopyRow, 'tenant_id' | 'database' | 'copied_at'>;

/** Notes what is in a database; what was noted before stays. */
export function insertCopies(
  tx: Tx,
  tenantId: TenantId,
  { database, copies }: { readonly database: string; readonly copies: readonly Copied[] },
): void {
  const rows = copies.map((copy) => ({ ...copy, tenant_id: tenantId, database }));
  tx.send(tx('audit_copies').insert(rows).onConflict(['tenant_id', 'database', 'size']).ignore());
}

/** What of a tenant's log is sealed and not in immudb. */
export interface BehindRow {
  readonly tenant_id: TenantId;
  readonly entries: bigint;
  /** Since the oldest was sealed. */
  readonly waited_seconds: bigint;
}

/** The tenants of whose log something is not in this database yet. */
export async function tenantsBehind(tx: Tx, database: string): Promise<BehindRow[]> {
  const { rows } = await tx.raw<{ rows: BehindRow[] }>(TENANTS_BEHIND, { database });
  return rows;
}

const TENANTS_BEHIND = `
  WITH sealed AS (
    SELECT s.tenant_id, s.sealed_size, COALESCE(
      (SELECT MAX(c.size) FROM audit_copies c WHERE c.tenant_id = s.tenant_id AND c.database = :database), 0
    ) AS copied
    FROM audit_sequencers s
  )
  SELECT tenant_id, sealed_size - copied AS entries, COALESCE(EXTRACT(EPOCH FROM now() - (
    SELECT MIN(p.sealed_at) FROM audit_checkpoints p
    WHERE p.tenant_id = sealed.tenant_id AND p.size = (
      SELECT MIN(n.size) FROM audit_checkpoints n WHERE n.tenant_id = sealed.tenant_id AND n.size > copied
    )
  ))::INT8, 0) AS waited_seconds
  FROM sealed WHERE sealed_size > copied`;

/** A log of which more is in this database than is sealed. */
export interface AheadRow {
  readonly tenant_id: TenantId;
  readonly copied: bigint;
  readonly sealed: bigint;
}

/** The tenants whose log is shorter than what was copied of it; none as long as nobody rolls one back. */
export async function tenantsAhead(tx: Tx, database: string): Promise<AheadRow[]> {
  const { rows } = await tx.raw<{ rows: AheadRow[] }>(TENANTS_AHEAD, { database });
  return rows;
}

const TENANTS_AHEAD = `
  SELECT tenant_id, copied, sealed FROM (
    SELECT s.tenant_id, s.sealed_size AS sealed, (
      SELECT MAX(c.size) FROM audit_copies c WHERE c.tenant_id = s.tenant_id AND c.database = :database
    ) AS copied
    FROM audit_sequencers s
  ) AS sizes WHERE copied > sealed ORDER BY tenant_id`;
