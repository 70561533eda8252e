import { branded, type TenantId } from '@ironforge/kernel';
import type { AuditSequencerRow } from '@ironforge/schema';
import type { Tx } from '@ironforge/store';

/** The right to number and seal a tenant's entries, as long as nobody else got it: `fence` rises with every change of holder. */
export type SequencerLease = Pick<
  AuditSequencerRow,
  'last_sequence' | 'sealed_size' | 'signing_key' | 'fence'
>;

/** Takes or renews the lease and locks its row until the transaction ends; undefined while another process holds it. */
export async function claimSequencer(
  tx: Tx,
  tenantId: TenantId,
  claim: { readonly holder: string; readonly leaseMs: number },
): Promise<SequencerLease | undefined> {
  const { rows } = await tx.raw<{ rows: SequencerLease[] }>(
    `INSERT INTO audit_sequencers (tenant_id, last_sequence, holder, fence, lease_expires_at)
     VALUES (:tenantId, 0, :holder, 1, now() + :leaseMs * interval '1 millisecond')
     ON CONFLICT (tenant_id) DO UPDATE SET
       holder = excluded.holder,
       fence = audit_sequencers.fence + CASE WHEN audit_sequencers.holder = excluded.holder THEN 0 ELSE 1 END,
       lease_expires_at = excluded.lease_expires_at
     WHERE audit_sequencers.holder IS NULL OR audit_sequencers.holder = excluded.holder
       OR audit_sequencers.lease_expires_at < now()
     RETURNING last_sequence, sealed_size, signing_key, fence`,
    { tenantId, ...claim },
  );
  return rows[0];
}

/** Notes how far numbers and seals go and keeps the lease; false when the fence is no longer ours. */
export async function saveSequence(tx: Tx, tenantId: TenantId, lease: SequencerLease): Promise<boolean> {
  const changed = await tx('audit_sequencers')
    .where({ tenant_id: tenantId, fence: lease.fence })
    .update(placeOf(lease));
  return changed === 1;
}

/** Notes how far numbers and seals go and gives the lease back; false when the fence is no longer ours. */
export async function releaseSequencer(tx: Tx, tenantId: TenantId, lease: SequencerLease): Promise<boolean> {
  const changed = await tx('audit_sequencers')
    .where({ tenant_id: tenantId, fence: lease.fence })
    .update({ ...placeOf(lease), holder: null, lease_expires_at: null });
  return changed === 1;
}

/** The same, travelling with COMMIT: for whoever has locked the row, so that the fence is his. */
export function sendRelease(tx: Tx, tenantId: TenantId, lease: SequencerLease): void {
  tx.send(
    tx('audit_sequencers')
      .where({ tenant_id: tenantId, fence: lease.fence })
      .update({ ...placeOf(lease), holder: null, lease_expires_at: null }),
  );
}

function placeOf({ last_sequence, sealed_size, signing_key }: SequencerLease) {
  return { last_sequence, sealed_size, signing_key };
}

/** The key that a tenant's newest checkpoint was signed by; undefined while there is none, null when nobody noted it. */
export async function findSigningKey(tx: Tx, tenantId: TenantId): Promise<string | null | undefined> {
  const row = await tx('audit_sequencers')
    .first<Pick<AuditSequencerRow, 'signing_key'> | undefined>('signing_key')
    .where({ tenant_id: tenantId });
  return row?.signing_key;
}

/** How many entries of a tenant are sealed. */
export async function findSealedSize(tx: Tx, tenantId: TenantId): Promise<bigint> {
  const row = await tx('audit_sequencers')
    .first<Pick<AuditSequencerRow, 'sealed_size'> | undefined>('sealed_size')
    .where({ tenant_id: tenantId });
  return row?.sealed_size ?? 0n;
}

/** How many entries of a tenant are sealed. */
export interface LogSize {
  readonly tenant_id: TenantId;
  readonly sealed_size: bigint;
}

/** How many entries are sealed of each of these tenants. */
export async function logSizes(tx: Tx, tenantIds: readonly TenantId[]): Promise<LogSize[]> {
  return await tx('audit_sequencers')
    .select<LogSize[]>('tenant_id', 'sealed_size')
    .whereIn('tenant_id', tenantIds);
}

/** Tenants, of all, whose log was last signed by another public key than this one, as a verifier key ends in it; at most so many. */
export async function logsOfOtherKeys(tx: Tx, publicPart: string, limit: number): Promise<TenantId[]> {
  const { rows } = await tx.raw<{ rows: Pick<AuditSequencerRow, 'tenant_id'>[] }>(
    `SELECT tenant_id FROM audit_sequencers
     WHERE sealed_size > 0
       AND (signing_key IS NULL OR right(signing_key, length(:publicPart::TEXT)) <> :publicPart::TEXT)
     ORDER BY tenant_id LIMIT :limit`,
    { publicPart, limit },
  );
  return rows.map((row) => branded<TenantId>(row.tenant_id));
}
