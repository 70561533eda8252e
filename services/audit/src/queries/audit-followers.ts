import type { TenantId } from '@ironforge/kernel';
import type { AuditFollowerRow } from '@ironforge/schema';
import type { Tx } from '@ironforge/store';

/** A follower of a tenant's log, by its name. */
export interface FollowerName {
  readonly tenantId: TenantId;
  readonly name: string;
}

/** The right to go on from a place, as long as nobody else got it: `fence` rises with every change of holder. */
export type FollowerLease = Pick<AuditFollowerRow, 'sequence' | 'fence'>;

/** Begins a follower at the first entry; one of that name goes on. */
export async function insertFollower(tx: Tx, tenantId: TenantId, name: string): Promise<void> {
  await tx('audit_followers')
    .insert({ tenant_id: tenantId, name, fence: tx.raw(NEW_FENCE) })
    .onConflict(['tenant_id', 'name'])
    .ignore();
}

/** Has a follower begin at the first entry again; whoever goes on from the old place learns that he does not hold it. */
export async function restartFollower(tx: Tx, tenantId: TenantId, name: string): Promise<void> {
  await tx('audit_followers')
    .where({ tenant_id: tenantId, name })
    .update({ sequence: 0, holder: null, fence: tx.raw(NEW_FENCE) });
}

/** One that was forgotten and begins again has no fence that it had before: microseconds since 1970. */
const NEW_FENCE = '(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000)::INT8';

/** Takes or renews the lease of a follower; undefined while another process holds it, or when there is no such follower. */
export async function holdFollower(
  tx: Tx,
  tenantId: TenantId,
  claim: { readonly name: string; readonly holder: string; readonly leaseMs: number },
): Promise<FollowerLease | undefined> {
  const { rows } = await tx.raw<{ rows: FollowerLease[] }>(
    `UPDATE audit_followers SET
       holder = :holder,
       fence = fence + CASE WHEN holder = :holder THEN 0 ELSE 1 END,
       lease_expires_at = now() + :leaseMs * interval '1 millisecond'
     WHERE tenant_id = :tenantId AND name = :name
       AND (holder IS NULL OR holder = :holder OR lease_expires_at < now())
     RETURNING sequence, fence`,
    { tenantId, ...claim },
  );
  return rows[0];
}

/** Notes that everything up to a number has arrived, never back; false when the fence is no longer ours. */
export async function advanceFollower(
  tx: Tx,
  tenantId: TenantId,
  { name, fence, sequence }: FollowerLease & { readonly name: string },
): Promise<boolean> {
  const changed = await tx('audit_followers')
    .where({ tenant_id: tenantId, name, fence })
    .update({ sequence: tx.raw('GREATEST(sequence, ?::INT8)', [sequence.toString()]) });
  return changed === 1;
}

/** Gives the lease back, if it is still this holder's. */
export async function releaseFollower(
  tx: Tx,
  tenantId: TenantId,
  { name, holder }: { readonly name: string; readonly holder: string },
): Promise<void> {
  await tx('audit_followers')
    .where({ tenant_id: tenantId, name, holder })
    .update({ holder: null, lease_expires_at: null });
}

/** Forgets a follower. */
export async function deleteFollower(tx: Tx, tenantId: TenantId, name: string): Promise<void> {
  await tx('audit_followers').where({ tenant_id: tenantId, name }).delete();
}

/** How far a follower has come; undefined before its first turn. */
export async function findFollowedTo(tx: Tx, tenantId: TenantId, name: string): Promise<bigint | undefined> {
  const row = await tx('audit_followers')
    .first<Pick<AuditFollowerRow, 'sequence'> | undefined>('sequence')
    .where({ tenant_id: tenantId, name });
  return row?.sequence;
}

/** What of a log is sealed and has not arrived yet. */
export interface FollowerBehind {
  readonly tenant_id: TenantId;
  readonly name: string;
  readonly entries: bigint;
  /** Since the oldest was sealed. */
  readonly waited_seconds: bigint;
}

/** The followers, of all tenants, that are behind. */
export async function followersBehind(tx: Tx): Promise<FollowerBehind[]> {
  const { rows } = await tx.raw<{ rows: FollowerBehind[] }>(FOLLOWERS_BEHIND);
  return rows;
}

const FOLLOWERS_BEHIND = `
  SELECT f.tenant_id, f.name, s.sealed_size - f.sequence AS entries, COALESCE(EXTRACT(EPOCH FROM now() - (
    SELECT p.sealed_at FROM audit_checkpoints p
    WHERE p.tenant_id = f.tenant_id AND p.size > f.sequence ORDER BY p.size LIMIT 1
  ))::INT8, 0) AS waited_seconds
  FROM audit_followers f JOIN audit_sequencers s ON s.tenant_id = f.tenant_id
  WHERE s.sealed_size > f.sequence`;

/** A follower that got entries which its log does not have any more. */
export interface FollowerAhead {
  readonly tenant_id: TenantId;
  readonly name: string;
  readonly followed: bigint;
  readonly sealed: bigint;
}

/** The followers, of all tenants, that are past the end of their log; none as long as nobody rolls one back. */
export async function followersAhead(tx: Tx): Promise<FollowerAhead[]> {
  const { rows } = await tx.raw<{ rows: FollowerAhead[] }>(FOLLOWERS_AHEAD);
  return rows;
}

const FOLLOWERS_AHEAD = `
  SELECT f.tenant_id, f.name, f.sequence AS followed, s.sealed_size AS sealed
  FROM audit_followers f JOIN audit_sequencers s ON s.tenant_id = f.tenant_id
  WHERE f.sequence > s.sealed_size`;
