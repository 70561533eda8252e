import { appError } from '@ironforge/contracts';
import { branded, type UserId } from '@ironforge/kernel';
import type { OrchestratorDeps } from '../deps.ts';
import { APPROVING_ROLES, type UsersQuestion } from './resolve-users.ts';

/** What identity knows at this moment; nobody else does. */
export interface People {
  /** Of those who were asked about, whose approval counts now: active, and with a role that may approve. */
  readonly approverIds: ReadonlySet<UserId>;
  readonly rolesOf: ReadonlyMap<string, readonly string[]>;
  /** Of those who were asked about, whose signatures prove their approvals. */
  readonly addressOf: ReadonlyMap<string, string>;
  /** The active users of each role that may approve. */
  readonly holders: ReadonlyMap<string, readonly string[]>;
  readonly maxTransactionsPerDay: number;
}

/**
 * Asks identity for status and roles of these users, for who holds an approving role, and for the plan. Throws
 * `dependency_down`, and `permission_denied` for a tenant that was suspended meanwhile.
 */
export async function askPeople(
  { resolveUsers }: Pick<OrchestratorDeps, 'resolveUsers'>,
  question: UsersQuestion,
): Promise<People> {
  const answer = await resolveUsers(question);
  const asked = new Set(question.userIds);
  const users = answer.users.filter(({ id }) => asked.has(id));
  if (answer.tenantStatus !== 'active')
    throw appError('permission_denied', { detail: 'the tenant is suspended' });
  const approvers = users.filter(
    ({ status, roles }) => status === 'active' && roles.some((role) => APPROVING_ROLES.includes(role)),
  );
  return {
    approverIds: new Set(approvers.map(({ id }) => branded<UserId>(id))),
    rolesOf: new Map(users.map(({ id, roles }) => [id, roles])),
    addressOf: new Map(users.flatMap(({ id, approvalAddress: own }) => (own ? [[id, own]] : []))),
    holders: new Map(answer.usersByRole.map(({ role, userIds: holders }) => [role, holders])),
    maxTransactionsPerDay: answer.limits.maxTransactionsPerDay,
  };
}
