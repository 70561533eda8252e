import { present } from '@ironforge/kernel';
import type { Tx } from '@ironforge/store';
import type { IdentityDeps } from '../deps.ts';
import { findUser, updateUser, type User } from '../queries/users.ts';
import { roleList, userStatus } from './closed-lists.ts';

/** Raises the user's version, so that the log shows this step between his others; gives him as his events tell him. */
export async function nextVersion(
  { clock }: Pick<IdentityDeps, 'clock'>,
  tx: Tx,
  { tenant_id, id }: Pick<User, 'tenant_id' | 'id'>,
) {
  await updateUser(tx, { tenant_id, id }, { updated_at: clock() });
  const { roles, status, version } = present(await findUser(tx, tenant_id, id), 'the user just changed');
  return { user: { id, roles: roleList.parse(roles), status: userStatus.parse(status) }, version };
}
