import { randomBytes } from 'node:crypto';
import { appError } from '@ironforge/contracts';
import { type AppError, present, type TenantId } from '@ironforge/kernel';
import type { Cause } from '@ironforge/service-kit';
import type { Tx } from '@ironforge/store';
import type { IdentityDeps } from '../deps.ts';
import { subjectPlace } from '../personal/user-fields.ts';
import { releaseApprovalAddress } from '../queries/approval-addresses.ts';
import { forgetAllowedIps } from '../queries/api-keys.ts';
import { destroySubjectKey } from '../queries/subject-keys.ts';
import { deleteFactor } from '../queries/totp-factors.ts';
import { findUser, updateUser, type User } from '../queries/users.ts';
import { roleList } from './closed-lists.ts';
import { endAccess } from './end-access.ts';

/** Who is to be erased, and who wants it. */
export interface Erasure {
  readonly tenantId: TenantId;
  readonly id: string;
  readonly cause: Cause;
}

type Deps = Pick<IdentityDeps, 'outbox' | 'events' | 'clock'>;

/**
 * Erases what is personal about a user who may do nothing any more, for good, and tells `user.erased`: his data key, and with
 * it whatever was encrypted by it anywhere; his e-mail's index, password, second factor and approval address. Again, it changes nothing.
 */
export async function eraseUser(
  deps: Deps,
  tx: Tx,
  { tenantId, id, cause }: Erasure,
): Promise<User | AppError> {
  const user = await findUser(tx, tenantId, id);
  if (user === undefined) return appError('not_found');
  if (user.roles.includes('super_admin')) return appError('permission_denied');
  if (user.status === 'active') return appError('illegal_transition', { detail: 'suspend the user first' });
  if (isErased(user)) return user;
  await erase(deps, tx, user);
  await endAccess(deps, tx, { whose: { tenant_id: tenantId, user_id: id }, cause });
  const erased = present(await findUser(tx, tenantId, id), 'the user just erased');
  deps.outbox.add(tx, [userErased(deps, erased, { tenantId, cause })]);
  return erased;
}

/** True of a user whose personal data is gone. */
export function isErased({ email_cipher }: Pick<User, 'email_cipher'>): boolean {
  return email_cipher === NOTHING;
}

/** In place of a cipher. */
const NOTHING = '';

async function erase({ clock }: Deps, tx: Tx, user: User): Promise<void> {
  const place = { tenant_id: user.tenant_id, user_id: user.id };
  const now = clock();
  await destroySubjectKey(tx, subjectPlace(user), now);
  await deleteFactor(tx, place);
  await releaseApprovalAddress(tx, place, now);
  await forgetAllowedIps(tx, place);
  await updateUser(
    tx,
    { tenant_id: user.tenant_id, id: user.id },
    {
      status: 'deleted',
      email_cipher: NOTHING,
      email_index: randomBytes(32).toString('hex'),
      display_name_cipher: NOTHING,
      password_hash: null,
      updated_at: now,
    },
  );
}

function userErased(
  { events }: Deps,
  { id, roles, version }: User,
  { tenantId, cause }: Omit<Erasure, 'id'>,
) {
  const data = { user: { id, roles: roleList.parse(roles), status: 'deleted' as const } };
  return events.event('user.erased', { tenantId, subject: id, version, cause, data });
}
