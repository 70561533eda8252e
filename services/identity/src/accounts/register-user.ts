import type { Role } from '@ironforge/contracts';
import type { TenantId } from '@ironforge/kernel';
import type { Cause } from '@ironforge/service-kit';
import type { Tx } from '@ironforge/store';
import { normalizeEmail } from '../credentials/email-address.ts';
import type { IdentityDeps } from '../deps.ts';
import { insertRoles } from '../queries/user-roles.ts';
import { insertUser } from '../queries/users.ts';
import { sealField, subjectPlace, type UserField } from '../personal/user-fields.ts';
import { insertSubjectKeys } from '../queries/subject-keys.ts';

/** A user to be. */
export interface Registration {
  readonly id: string;
  readonly tenantId: TenantId;
  readonly email: string;
  readonly displayName: string;
  readonly roles: readonly Role[];
  /** Suspended while others have to approve his roles. */
  readonly status: 'active' | 'suspended';
  /** Null when the user gets a password later. */
  readonly passwordHash: string | null;
  /** True when the first sign-in must bring another one. */
  readonly mustChangePassword: boolean;
  readonly cause: Cause;
}

type Deps = Pick<IdentityDeps, 'outbox' | 'events' | 'clock' | 'cipher' | 'dataKeys' | 'hashEmail'>;

/** Stores a new user with his roles and his data key, and tells `user.registered`; false when the e-mail is taken in this tenant. */
export async function registerUser(deps: Deps, tx: Tx, registration: Registration): Promise<boolean> {
  const { id, tenantId, displayName, passwordHash, mustChangePassword, status } = registration;
  const email = normalizeEmail(registration.email);
  const place = subjectPlace({ tenant_id: tenantId, id });
  const key = { ...place, key_cipher: deps.dataKeys.create(place) };
  const sealed = (column: UserField['column'], text: string) =>
    sealField(deps, { id, ...key }, { field: { table: 'users', column, row: id }, text });
  const isNew = await insertUser(tx, {
    id,
    tenant_id: tenantId,
    email_cipher: sealed('email_cipher', email),
    email_index: deps.hashEmail(email),
    display_name_cipher: sealed('display_name_cipher', displayName),
    password_hash: passwordHash,
    must_change_password: mustChangePassword,
    status,
    created_at: deps.clock(),
  });
  if (!isNew) return false;
  await insertSubjectKeys(tx, [key]);
  await insertRoles(tx, { tenant_id: tenantId, user_id: id }, registration.roles);
  deps.outbox.add(tx, [registered(deps, registration)]);
  return true;
}

function registered(deps: Deps, { id, tenantId, roles, status, cause }: Registration) {
  const data = { user: { id, roles: [...roles], status } };
  return deps.events.event('user.registered', { tenantId, subject: id, version: 1, cause, data });
}
