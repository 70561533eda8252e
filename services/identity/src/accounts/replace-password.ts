import { branded, present, type TenantId } from '@ironforge/kernel';
import type { Cause } from '@ironforge/service-kit';
import type { Tx } from '@ironforge/store';
import type { IdentityDeps } from '../deps.ts';
import { endFamilies } from '../queries/refresh-families.ts';
import { findUser, type SignInAccount, updateUser } from '../queries/users.ts';
import { isProved } from '../sign-in/start-session.ts';
import { roleList, userStatus } from './closed-lists.ts';

/** An account whose owner was proved, and the password that he wants. */
export interface PasswordChange {
  readonly account: SignInAccount;
  readonly newPassword: string;
  readonly cause: Cause;
}

/**
 * Stores the password that its owner chose, ends his sessions, and tells `user.password_changed`. Gives the account as it is then;
 * null when it is not as it was proved any more. Right under concurrency because it is SERIALIZABLE.
 */
export async function replacePassword(
  deps: IdentityDeps,
  { account, newPassword, cause }: PasswordChange,
): Promise<SignInAccount | null> {
  const password_hash = await deps.passwords.hash(newPassword);
  const replaced = { ...account, password_hash, must_change_password: false };
  const isStored = await deps.store
    .forTenant(branded<TenantId>(account.tenant_id))
    .transaction(async (tx) => {
      if (!(await isProved(tx, account))) return false;
      await store(deps, tx, { replaced, cause });
      return true;
    });
  return isStored ? replaced : null;
}

interface Replaced {
  readonly replaced: SignInAccount;
  readonly cause: Cause;
}

async function store(deps: IdentityDeps, tx: Tx, { replaced, cause }: Replaced): Promise<void> {
  const { tenant_id, id, password_hash, must_change_password } = replaced;
  const now = deps.clock();
  await updateUser(tx, { tenant_id, id }, { password_hash, must_change_password, updated_at: now });
  await endFamilies(tx, { tenant_id, user_id: id }, { reason: 'password_changed', now });
  const { roles, status, version } = present(await findUser(tx, tenant_id, id), 'the user just changed');
  const data = { user: { id, roles: roleList.parse(roles), status: userStatus.parse(status) } };
  const told = { tenantId: branded<TenantId>(tenant_id), subject: id, version, cause, data };
  deps.outbox.add(tx, [deps.events.event('user.password_changed', told)]);
}
