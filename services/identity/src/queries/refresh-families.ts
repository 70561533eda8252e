import type { RefreshFamilyRow } from '@ironforge/schema';
import type { Tx } from '@ironforge/store';
import type { RowPlace } from '@ironforge/service-kit';
import type { UserPlace } from './user-roles.ts';
import { type AccessRow, ACCESS_COLUMNS } from './access-columns.ts';

/** A session as it begins. */
export type NewFamily = Omit<RefreshFamilyRow, 'ended_at' | 'end_reason' | 'updated_at'>;

/** A session with the present state of its owner. */
export type LockedFamily = Pick<RefreshFamilyRow, 'current_token_hash' | 'expires_at' | 'ended_at'> &
  AccessRow;

const OWN_COLUMNS = ['id', 'created_at', 'updated_at', 'expires_at', 'whereabouts_cipher'] as const;

/** A session as its owner may see it. */
export type OwnFamily = Pick<RefreshFamilyRow, (typeof OWN_COLUMNS)[number]>;

/** Why a session ended. */
export type EndReason = 'logout' | 'reuse' | 'suspended' | 'password_changed' | 'factor_reset';

/** Stores a new session. */
export async function insertFamily(tx: Tx, family: NewFamily): Promise<void> {
  await tx<RefreshFamilyRow>('refresh_families').insert({ ...family, updated_at: family.created_at });
}

/** The session with this id in any tenant, its row locked: two uses of one token come one after the other. */
export async function lockFamily(tx: Tx, familyId: string): Promise<LockedFamily | undefined> {
  const [row] = await tx('refresh_families as f')
    .join('users as u', (on) => on.on('u.id', 'f.user_id').andOn('u.tenant_id', 'f.tenant_id'))
    .join('tenants as t', 't.id', 'f.tenant_id')
    .select<LockedFamily[]>('f.current_token_hash', 'f.expires_at', 'f.ended_at', tx.raw(ACCESS_COLUMNS))
    .where('f.id', familyId)
    .forUpdate('f');
  return row;
}

/** What the owner of a living session may do now; undefined when the session has ended. */
export async function findSessionAccess(
  tx: Tx,
  session: { readonly tenantId: string; readonly userId: string; readonly sessionId: string },
): Promise<AccessRow | undefined> {
  const [row] = await tx('refresh_families as f')
    .join('users as u', (on) => on.on('u.id', 'f.user_id').andOn('u.tenant_id', 'f.tenant_id'))
    .join('tenants as t', 't.id', 'f.tenant_id')
    .select<AccessRow[]>(tx.raw(ACCESS_COLUMNS))
    .where({ 'f.tenant_id': session.tenantId, 'f.id': session.sessionId, 'f.user_id': session.userId })
    .whereNull('f.ended_at');
  return row;
}

/** The living sessions of one user, newest first. */
export async function listFamilies(
  tx: Tx,
  owner: UserPlace,
  { after, count, now }: { readonly after: RowPlace | null; readonly count: number; readonly now: Date },
): Promise<OwnFamily[]> {
  const query = tx<RefreshFamilyRow>('refresh_families')
    .select(...OWN_COLUMNS)
    .where(owner)
    .whereNull('ended_at')
    .where('expires_at', '>', now);
  if (after !== null) void query.whereRaw('(created_at, id) < (?, ?)', [after.createdAt, after.id]);
  return await query.orderByRaw('created_at DESC, id DESC').limit(count);
}

/** Notes the next token of a session. */
export async function rotateFamily(
  tx: Tx,
  which: { readonly tenant_id: string; readonly id: string },
  next: { readonly current_token_hash: string; readonly expires_at: Date; readonly updated_at: Date },
): Promise<void> {
  await tx<RefreshFamilyRow>('refresh_families').where(which).update(next);
}

/** Ends living sessions: one, all of a user, or all of a tenant; gives how many. */
export async function endFamilies(
  tx: Tx,
  which: { readonly tenant_id: string; readonly user_id?: string; readonly id?: string },
  { reason, now }: { readonly reason: EndReason; readonly now: Date },
): Promise<number> {
  return await tx<RefreshFamilyRow>('refresh_families')
    .where(which)
    .whereNull('ended_at')
    .update({ ended_at: now, end_reason: reason, updated_at: now });
}
