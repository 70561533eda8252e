import { appError, type Role } from '@ironforge/contracts';
import { type AppError, present, type TenantId } from '@ironforge/kernel';
import type { Cause } from '@ironforge/service-kit';
import type { Tx } from '@ironforge/store';
import type { IdentityDeps } from '../deps.ts';
import { releaseApprovalAddress } from '../queries/approval-addresses.ts';
import { deleteRoles, insertRoles } from '../queries/user-roles.ts';
import { findActiveHolders, findUser, updateUser as storeUser, type User } from '../queries/users.ts';
import { roleList, type UserStatus, userStatus } from './closed-lists.ts';
import { endAccess } from './end-access.ts';
import { sealField } from '../personal/user-fields.ts';

/** A change of one user, and the rights on which it is based where these change. */
export interface UserEdit {
  readonly tenantId: TenantId;
  readonly id: string;
  readonly displayName: string | undefined;
  readonly roles: readonly Role[] | undefined;
  readonly status: UserStatus | undefined;
  readonly base: Rights | null;
  readonly cause: Cause;
}

/** What counts of a user. */
export interface Rights {
  readonly roles: readonly Role[];
  readonly status: UserStatus;
}

/** Changes a user and tells of it; a refusal has to undo the transaction. Throws `illegal_transition` for the last admin. */
export async function changeUser(deps: IdentityDeps, tx: Tx, change: UserEdit): Promise<User | AppError> {
  const user = await findUser(tx, change.tenantId, change.id);
  if (user === undefined) return appError('not_found');
  const objection = objectionTo(user);
  if (objection !== null) return objection;
  if (change.base !== null && !isSame(rightsOf(user), change.base)) return appError('version_conflict');
  await store(deps, tx, { user, change });
  await refuseLastAdmin(tx, change.tenantId);
  if (change.status !== undefined && change.status !== 'active') {
    const whose = { tenant_id: change.tenantId, user_id: change.id };
    await endAccess(deps, tx, { whose, cause: change.cause });
    if (change.status === 'deleted') await releaseApprovalAddress(tx, whose, deps.clock());
  }
  const changed = present(await findUser(tx, change.tenantId, change.id), 'the user just changed');
  const rightsChanged = !isSame(rightsOf(user), rightsOf(changed));
  deps.outbox.add(tx, [userUpdated(deps, changed, { ...change, rightsChanged })]);
  return changed;
}

/** Why nothing of this user may be changed. */
export function objectionTo({ roles, status }: Pick<User, 'roles' | 'status'>): AppError | null {
  if (roles.includes('super_admin')) return appError('permission_denied');
  const isGone = status === 'deleted';
  return isGone ? appError('illegal_transition', { detail: 'a deleted user stays deleted' }) : null;
}

/** What counts of this user. */
export function rightsOf({ roles, status }: Pick<User, 'roles' | 'status'>): Rights {
  return { roles: roleList.parse(roles), status: userStatus.parse(status) };
}

/** True when these are the same rights; roles are a set. */
export function isSame(one: Rights, other: Rights): boolean {
  const roles = new Set(one.roles).symmetricDifference(new Set(other.roles));
  return one.status === other.status && roles.size === 0;
}

interface Storing {
  readonly user: User;
  readonly change: UserEdit;
}

async function store(deps: IdentityDeps, tx: Tx, { user, change }: Storing): Promise<void> {
  const { tenantId, id, displayName, roles, status } = change;
  const field = { table: 'users', column: 'display_name_cipher', row: id } as const;
  await storeUser(
    tx,
    { tenant_id: tenantId, id },
    {
      updated_at: deps.clock(),
      ...(displayName === undefined
        ? {}
        : { display_name_cipher: sealField(deps, user, { field, text: displayName }) }),
      ...(status === undefined ? {} : { status }),
    },
  );
  if (roles === undefined) return;
  const place = { tenant_id: tenantId, user_id: id };
  await deleteRoles(tx, place);
  await insertRoles(tx, place, roles);
}

/** A tenant without an active admin could not be administered any more. Right under concurrency because it is SERIALIZABLE. */
async function refuseLastAdmin(tx: Tx, tenantId: TenantId): Promise<void> {
  const admins = await findActiveHolders(tx, tenantId, ['admin']);
  if (admins.length === 0)
    throw appError('illegal_transition', { detail: 'a tenant keeps one active admin' });
}

interface Told extends Pick<UserEdit, 'tenantId' | 'cause'> {
  readonly rightsChanged: boolean;
}

function userUpdated({ events }: IdentityDeps, user: User, { tenantId, cause, rightsChanged }: Told) {
  const { id, version } = user;
  const { roles, status } = rightsOf(user);
  const data = { user: { id, roles: [...roles], status }, rightsChanged };
  return events.event('user.updated', { tenantId, subject: id, version, cause, data });
}
