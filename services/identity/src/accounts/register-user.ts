import type { Role } from '@ironforge/contracts';
import type { TenantId } from '@ironforge/kernel';
import type { Cause } from '@ironforge/service-kit';
import type { Tx } from '@ironforge/store';
import { normalizeEmail } from '../credentials/email-address.ts';
import type { IdentityDeps } from '../deps.ts';
import { insertRoles } from '../queries/user-roles.ts';
import { insertUser } from '../queries/users.ts';
import { personalPlace } from './personal-place.ts';

/** A user to be. */
export interface Registration {
  readonly tenantId: TenantId;
  readonly email: string;
  readonly displayName: string;
  readonly roles: readonly Role[];
  /** Null when the user gets a password later. */
  readonly passwordHash: string | null;
  readonly cause: Cause;
}

type Deps = Pick<IdentityDeps, 'outbox' | 'events' | 'clock' | 'newId' | 'cipher' | 'hashEmail'>;

/** Stores a new user with his roles and tells `user.registered`; gives his id, or null when the e-mail is taken in this tenant. */
export async function registerUser(deps: Deps, tx: Tx, registration: Registration): Promise<string | null> {
  const { tenantId, displayName, passwordHash } = registration;
  const id = deps.newId();
  const email = normalizeEmail(registration.email);
  const isNew = await insertUser(tx, {
    id,
    tenant_id: tenantId,
    email_cipher: deps.cipher.seal(personalPlace(tenantId, id, 'email_cipher'), email),
    email_index: deps.hashEmail(email),
    display_name_cipher: deps.cipher.seal(personalPlace(tenantId, id, 'display_name_cipher'), displayName),
    password_hash: passwordHash,
    created_at: deps.clock(),
  });
  if (!isNew) return null;
  await insertRoles(tx, { tenant_id: tenantId, user_id: id }, registration.roles);
  await deps.outbox.add(tx, [registered(deps, registration, id)]);
  return id;
}

function registered(deps: Deps, { tenantId, roles, cause }: Registration, id: string) {
  const data = { user: { id, roles: [...roles], status: 'active' as const } };
  return deps.events.event('user.registered', { tenantId, subject: id, version: 1, cause, data });
}
