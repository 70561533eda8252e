import { appError, ROUTES } from '@ironforge/contracts';
import { branded, present, type TenantId } from '@ironforge/kernel';
import { type BoundRoute, bind, type Cause, causeOfRequest } from '@ironforge/service-kit';
import type { Tx } from '@ironforge/store';
import { roleList, userStatus } from '../accounts/closed-lists.ts';
import { refuseKey } from '../accounts/refuse-key.ts';
import type { IdentityDeps } from '../deps.ts';
import { endFamilies } from '../queries/refresh-families.ts';
import { findUser, type SignInAccount, updateUser } from '../queries/users.ts';
import { proveOwner } from '../second-factor/prove-owner.ts';
import { proveAndAct } from '../sign-in/prove-and-act.ts';
import { isProved, startSession } from '../sign-in/start-session.ts';

/** Change one’s password by the present one; every session ends, and a new one begins. */
export function changePassword(deps: IdentityDeps): BoundRoute {
  return bind(ROUTES.changePassword, async (request) => {
    const { caller, body, ip, userAgent, requestId, traceparent } = request;
    refuseKey(caller);
    const claim = { caller, password: body.currentPassword, ip, userAgent, requestId, traceparent };
    const cause = causeOfRequest(request);
    const scope = deps.store.forTenant(caller.tenantId);
    const changed = await proveAndAct(
      async () => await proveOwner(deps, claim),
      async ({ account, attempt }) => {
        const password_hash = await deps.passwords.hash(body.newPassword);
        const change = { account, password_hash, cause };
        const isStored = await scope.transaction((tx) => storePassword(deps, tx, change));
        return isStored ? { attempt, account: { ...account, password_hash } } : null;
      },
    );
    if (changed === null) return appError('version_conflict');
    const { attempt, account } = changed;
    const pair = await startSession(deps, attempt, { account, passwordHash: null, secondFactor: null });
    return pair === null ? appError('unauthenticated') : { status: 200, body: pair };
  });
}

interface Change {
  readonly account: SignInAccount;
  readonly password_hash: string;
  readonly cause: Cause;
}

/** False when the account is not as it was proved any more. Right under concurrency because it is SERIALIZABLE. */
async function storePassword(
  deps: IdentityDeps,
  tx: Tx,
  { account, password_hash, cause }: Change,
): Promise<boolean> {
  if (!(await isProved(tx, account))) return false;
  const { tenant_id, id } = account;
  const now = deps.clock();
  await updateUser(tx, { tenant_id, id }, { password_hash, updated_at: now });
  await endFamilies(tx, { tenant_id, user_id: id }, { reason: 'password_changed', now });
  const user = present(await findUser(tx, tenant_id, id), 'the user just changed');
  const tenantId = branded<TenantId>(tenant_id);
  const data = { user: { id, roles: roleList.parse(user.roles), status: userStatus.parse(user.status) } };
  const told = { tenantId, subject: id, version: user.version, cause, data };
  deps.outbox.add(tx, [deps.events.event('user.password_changed', told)]);
  return true;
}
