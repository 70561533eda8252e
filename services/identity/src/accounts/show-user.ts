import type { IdentityDeps } from '../deps.ts';
import { openField } from '../personal/user-fields.ts';
import type { User } from '../queries/users.ts';
import { roleList, userStatus } from './closed-lists.ts';

/** A user as the API shows him; e-mail and name are null once they were erased. */
export function showUser(deps: Pick<IdentityDeps, 'cipher' | 'dataKeys'>, user: User) {
  const { id } = user;
  const field = (column: 'email_cipher' | 'display_name_cipher') =>
    openField(deps, user, { field: { table: 'users', column, row: id }, text: user[column] });
  return {
    id,
    email: field('email_cipher'),
    displayName: field('display_name_cipher'),
    roles: roleList.parse(user.roles),
    status: userStatus.parse(user.status),
    mustChangePassword: user.must_change_password,
    approvalAddress: user.approval_address,
    lastLoginAt: user.last_login_at?.toISOString() ?? null,
    createdAt: user.created_at.toISOString(),
  };
}
