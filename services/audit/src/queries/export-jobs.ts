import type { TenantId } from '@ironforge/kernel';
import type { ExportJobRow } from '@ironforge/schema';
import type { RowPlace } from '@ironforge/service-kit';
import type { Tx } from '@ironforge/store';

/** Stores an export that was asked for. */
export function insertExport(tx: Tx, job: NewExportRow): void {
  tx.send(tx('export_jobs').insert({ ...job, filter: JSON.stringify(job.filter) }));
}

/** An export as it is asked for: nothing of it is made. */
export type NewExportRow = Pick<
  ExportJobRow,
  'tenant_id' | 'id' | 'format' | 'filter' | 'created_by_type' | 'created_by_id' | 'created_at' | 'expires_at'
> &
  Record<'first_sequence' | 'last_sequence' | 'checkpoint_size' | 'searched_sequence' | 'size_bytes', number>;

/** How many exports of a tenant are not made yet. */
export async function countOpenExports(tx: Tx, tenantId: TenantId): Promise<number> {
  const { rows } = await tx.raw<{ rows: { count: bigint }[] }>(
    `SELECT COUNT(*) AS count FROM export_jobs WHERE tenant_id = :tenantId AND status IN ('waiting', 'running')`,
    { tenantId },
  );
  return Number(rows[0]?.count ?? 0);
}

/** An export with the number of its parts. */
export type ShownExport = ExportJobRow & { readonly parts: bigint };

/** One export of a tenant; undefined where there is none. */
export async function findExport(tx: Tx, tenantId: TenantId, id: string): Promise<ShownExport | undefined> {
  return await shown(tx, tenantId).first<ShownExport | undefined>().where({ id });
}

/** The exports of a tenant after a place, newest first. */
export async function listExports(
  tx: Tx,
  tenantId: TenantId,
  page: { readonly after: RowPlace | null; readonly limit: number },
): Promise<ShownExport[]> {
  const query = shown(tx, tenantId)
    .select<ShownExport[]>()
    .orderBy([
      { column: 'created_at', order: 'desc' },
      { column: 'id', order: 'desc' },
    ])
    .limit(page.limit);
  if (page.after !== null)
    void query.whereRaw('(created_at, id) < (?, ?)', [page.after.createdAt, page.after.id]);
  return await query;
}

function shown(tx: Tx, tenantId: TenantId) {
  const parts = tx.raw(
    '(SELECT COUNT(*) FROM export_parts p WHERE p.tenant_id = export_jobs.tenant_id AND p.export_id = export_jobs.id) AS parts',
  );
  return tx('export_jobs').select('*', parts).where({ tenant_id: tenantId });
}

/** Takes the oldest export that nobody makes, of all tenants; undefined when there is none. */
export async function claimExport(
  tx: Tx,
  claim: { readonly holder: string; readonly leaseMs: number },
): Promise<ExportJobRow | undefined> {
  const { rows } = await tx.raw<{ rows: ExportJobRow[] }>(CLAIM, claim);
  return rows[0];
}

const CLAIM = `
  UPDATE export_jobs SET status = 'running', holder = :holder, fence = fence + 1,
    lease_expires_at = now() + :leaseMs * INTERVAL '1 millisecond'
  WHERE (tenant_id, id) = (
    SELECT tenant_id, id FROM export_jobs
    WHERE status IN ('waiting', 'running') AND (lease_expires_at IS NULL OR lease_expires_at < now())
    ORDER BY created_at LIMIT 1
  ) AND status IN ('waiting', 'running') AND (lease_expires_at IS NULL OR lease_expires_at < now())
  RETURNING *`;

/** Who makes an export, known by the fence. */
export type ExportLease = Pick<ExportJobRow, 'tenant_id' | 'id' | 'fence'>;

/** How far an export is made. */
export interface ExportProgress {
  readonly searched: number;
  readonly entries: number;
  readonly sizeBytes: number;
  readonly leaseMs: number;
}

/** Notes how far an export is and keeps the lease; false when the fence is no longer ours. */
export async function advanceExport(tx: Tx, lease: ExportLease, progress: ExportProgress): Promise<boolean> {
  const { rowCount } = await tx.raw<{ rowCount: number }>(
    `UPDATE export_jobs SET searched_sequence = :searched, entries = :entries, size_bytes = :sizeBytes,
       lease_expires_at = now() + :leaseMs * INTERVAL '1 millisecond'
     WHERE tenant_id = :tenant_id AND id = :id AND fence = :fence AND status = 'running'`,
    { ...progress, ...bindingsOf(lease) },
  );
  return rowCount === 1;
}

/** Keeps the lease; false when the fence is no longer ours. */
export async function keepExport(tx: Tx, lease: ExportLease, leaseMs: number): Promise<boolean> {
  const { rowCount } = await tx.raw<{ rowCount: number }>(
    `UPDATE export_jobs SET lease_expires_at = now() + :leaseMs * INTERVAL '1 millisecond'
     WHERE tenant_id = :tenant_id AND id = :id AND fence = :fence AND status = 'running'`,
    { leaseMs, ...bindingsOf(lease) },
  );
  return rowCount === 1;
}

/** What an export ends with. */
export type ExportEnd =
  | { readonly status: 'ready'; readonly sha256: string; readonly manifest: string }
  | { readonly status: 'failed'; readonly reason: typeof ENTRIES_CHANGED };

/** Ends the making of an export; false when the fence is no longer ours. */
export async function endExport(tx: Tx, lease: ExportLease, end: ExportEnd): Promise<boolean> {
  const changed = await tx('export_jobs')
    .where({ ...bindingsOf(lease), status: 'running' })
    .update({ ...end, holder: null, lease_expires_at: null });
  return changed === 1;
}

/** Gives the lease back: somebody else goes on at once. */
export async function releaseExport(tx: Tx, lease: ExportLease): Promise<void> {
  await tx('export_jobs')
    .where({ ...bindingsOf(lease), status: 'running' })
    .update({ holder: null, lease_expires_at: null });
}

/** Why an export failed: the log is not what was sealed, or was changed since. */
export const ENTRIES_CHANGED = 'entries_changed';

/** Notes of an export that the log does not give its bytes any more. */
export async function markExportChanged(tx: Tx, tenantId: TenantId, id: string): Promise<void> {
  await tx('export_jobs')
    .where({ tenant_id: tenantId, id, status: 'ready' })
    .update({ status: 'failed', reason: ENTRIES_CHANGED });
}

/** Ends the exports, of all tenants, whose time is over, and forgets their parts; gives how many. */
export async function expireExports(tx: Tx): Promise<number> {
  const { rows } = await tx.raw<{ rows: { tenant_id: TenantId; id: string }[] }>(
    `UPDATE export_jobs SET status = 'expired'
     WHERE status <> 'expired' AND expires_at < now() RETURNING tenant_id, id`,
  );
  for (const { tenant_id, id } of rows) await tx('export_parts').where({ tenant_id, export_id: id }).delete();
  return rows.length;
}

function bindingsOf({ tenant_id, id, fence }: ExportLease) {
  return { tenant_id, id, fence: fence.toString() };
}
