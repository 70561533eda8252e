import type { FieldCipher } from '../credentials/field-cipher.ts';
import type { User } from '../queries/users.ts';
import { roleList, userStatus } from './closed-lists.ts';
import { personalPlace } from './personal-place.ts';

/** A user as the API shows him. */
export function showUser(cipher: FieldCipher, user: User) {
  const { id, tenant_id } = user;
  return {
    id,
    email: cipher.open(personalPlace(tenant_id, id, 'email_cipher'), user.email_cipher),
    displayName: cipher.open(personalPlace(tenant_id, id, 'display_name_cipher'), user.display_name_cipher),
    roles: roleList.parse(user.roles),
    status: userStatus.parse(user.status),
    approvalAddress: user.approval_address,
    lastLoginAt: user.last_login_at?.toISOString() ?? null,
    createdAt: user.created_at.toISOString(),
  };
}
