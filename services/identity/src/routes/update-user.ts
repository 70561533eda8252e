import { appError, type Role, ROUTES } from '@ironforge/contracts';
import { type AppError, present, type TenantId } from '@ironforge/kernel';
import { type BoundRoute, bind, type Cause, causeOfRequest } from '@ironforge/service-kit';
import type { Tx } from '@ironforge/store';
import { roleList, type UserStatus, userStatus } from '../accounts/closed-lists.ts';
import { endAccess } from '../accounts/end-access.ts';
import { personalPlace } from '../accounts/personal-place.ts';
import { refuseGlobalRole } from '../accounts/refuse-global-role.ts';
import { showUser } from '../accounts/show-user.ts';
import type { IdentityDeps } from '../deps.ts';
import { deleteRoles, insertRoles } from '../queries/user-roles.ts';
import { findActiveHolders, findUser, type User, updateUser as storeUser } from '../queries/users.ts';

/** Change name, roles or status; suspension and deletion end sessions and keys at once. */
export function updateUser(deps: IdentityDeps): BoundRoute {
  return bind(ROUTES.updateUser, async (request) => {
    const { displayName, roles, status } = request.body;
    const { tenantId } = request.caller;
    refuseGlobalRole(roles ?? []);
    const change = {
      tenantId,
      id: request.params.id,
      displayName,
      roles,
      status,
      cause: causeOfRequest(request),
    };
    const outcome = await deps.store
      .forTenant(tenantId)
      .transaction(async (tx) => await changeIn(deps, tx, change));
    return 'code' in outcome ? outcome : { status: 200, body: showUser(deps.cipher, outcome) };
  });
}

interface Change {
  readonly tenantId: TenantId;
  readonly id: string;
  readonly displayName: string | undefined;
  readonly roles: readonly Role[] | undefined;
  readonly status: UserStatus | undefined;
  readonly cause: Cause;
}

async function changeIn(deps: IdentityDeps, tx: Tx, change: Change): Promise<User | AppError> {
  const user = await findUser(tx, change.tenantId, change.id);
  if (user === undefined) return appError('not_found');
  if (user.roles.includes('super_admin')) return appError('permission_denied');
  if (changesNothing(change)) return user;
  if (user.status === 'deleted')
    return appError('illegal_transition', { detail: 'a deleted user stays deleted' });
  await store(deps, tx, change);
  await refuseLastAdmin(tx, change.tenantId);
  if (change.status !== undefined && change.status !== 'active') {
    const whose = { tenant_id: change.tenantId, user_id: change.id };
    await endAccess(deps, tx, { whose, cause: change.cause });
  }
  const changed = present(await findUser(tx, change.tenantId, change.id), 'the user just changed');
  await deps.outbox.add(tx, [userUpdated(deps, changed, change)]);
  return changed;
}

function changesNothing({ displayName, roles, status }: Change): boolean {
  return displayName === undefined && roles === undefined && status === undefined;
}

async function store({ cipher, clock }: IdentityDeps, tx: Tx, change: Change): Promise<void> {
  const { tenantId, id, displayName, roles, status } = change;
  await storeUser(
    tx,
    { tenant_id: tenantId, id },
    {
      updated_at: clock(),
      ...(displayName === undefined
        ? {}
        : {
            display_name_cipher: cipher.seal(personalPlace(tenantId, id, 'display_name_cipher'), displayName),
          }),
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

function userUpdated({ events }: IdentityDeps, user: User, { tenantId, cause }: Change) {
  const { id, version } = user;
  const data = { user: { id, roles: roleList.parse(user.roles), status: userStatus.parse(user.status) } };
  return events.event('user.updated', { tenantId, subject: id, version, cause, data });
}
