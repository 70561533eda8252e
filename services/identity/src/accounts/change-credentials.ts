import { appError, type UserSubject } from '@ironforge/contracts';
import { AppError, type TenantId } from '@ironforge/kernel';
import type { Cause } from '@ironforge/service-kit';
import { isUniqueViolation, type Tx } from '@ironforge/store';
import type { IdentityDeps } from '../deps.ts';
import { isTaken, lockApprovalAddress, setApprovalAddress } from '../queries/approval-addresses.ts';
import { endFamilies } from '../queries/refresh-families.ts';
import { deleteFactor, lockFactor } from '../queries/totp-factors.ts';
import { findUser, type User } from '../queries/users.ts';
import { isSame, objectionTo, rightsOf } from './change-user.ts';
import { nextVersion } from './next-version.ts';

/** What proves a person is to change: by himself, or because others approved it. */
export interface CredentialEdit<Subject> {
  readonly tenantId: TenantId;
  readonly subject: Subject;
  readonly cause: Cause;
}

type ResetTotp = Extract<UserSubject, { kind: 'reset_totp' }>;
type SetAddress = Extract<UserSubject, { kind: 'set_approval_address' }>;
type Deps = Pick<IdentityDeps, 'outbox' | 'events' | 'clock'>;

/** Takes a second factor away and ends its owner's sessions: whoever holds one of them must not enrol the next. */
export async function resetTotp(
  deps: Deps,
  tx: Tx,
  { tenantId, subject, cause }: CredentialEdit<ResetTotp>,
): Promise<AppError | null> {
  const place = { tenant_id: tenantId, user_id: subject.userId };
  const user = await basedOn(tx, tenantId, subject);
  if (user instanceof AppError) return user;
  const factor = await lockFactor(tx, place);
  if (factor?.confirmed_at?.toISOString() !== subject.base.confirmedAt) return appError('version_conflict');
  await deleteFactor(tx, place);
  await endFamilies(tx, place, { reason: 'factor_reset', now: deps.clock() });
  const { version, ...data } = await nextVersion(deps, tx, user);
  const told = { tenantId, subject: user.id, version, cause, data };
  deps.outbox.add(tx, [deps.events.event('user.totp_reset', told)]);
  return null;
}

/** Puts an address into force whose signature over its text was checked before; an address stands for one person alone. */
export async function putApprovalAddress(
  deps: Deps,
  tx: Tx,
  { tenantId, subject, cause }: CredentialEdit<SetAddress>,
): Promise<AppError | null> {
  const place = { tenant_id: tenantId, user_id: subject.userId };
  const { address } = subject.next;
  const user = await basedOn(tx, tenantId, subject);
  if (user instanceof AppError) return user;
  const known = await lockApprovalAddress(tx, place);
  if ((known?.address ?? null) !== subject.base.address) return appError('version_conflict');
  if (await isTaken(tx, place, address)) return appError('approval_address_exists');
  await setApprovalAddress(tx, place, { address, now: deps.clock() }).catch(refuseRival);
  const { version, user: shown } = await nextVersion(deps, tx, user);
  const told = { tenantId, subject: user.id, version, cause, data: { user: shown, address } };
  deps.outbox.add(tx, [deps.events.event('user.approval_address_set', told)]);
  return null;
}

/** The user, when his roles are still those that it was decided on. */
async function basedOn(
  tx: Tx,
  tenantId: TenantId,
  { userId, base }: ResetTotp | SetAddress,
): Promise<User | AppError> {
  const user = await findUser(tx, tenantId, userId);
  if (user === undefined) return appError('not_found');
  const objection = objectionTo(user);
  if (objection !== null) return objection;
  const rights = rightsOf(user);
  return isSame(rights, { ...rights, roles: base.roles }) ? user : appError('version_conflict');
}

function refuseRival(error: unknown): never {
  if (isUniqueViolation(error, 'approval_addresses_address'))
    throw appError('approval_address_exists', { cause: error });
  throw error;
}
