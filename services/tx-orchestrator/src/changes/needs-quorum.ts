import { type ChangeSubject, rolesWith } from '@ironforge/contracts';
import { branded, type UserId } from '@ironforge/kernel';
import {
  isDecider,
  type UserRights,
  userNeedsQuorum,
  walletNeedsQuorum,
  type Watched,
} from '@ironforge/tx-core';
import type { RulesInForce } from './rules-in-force.ts';

const APPROVING_ROLES = rolesWith('transactions:approve');
const UNMARKED = { policyId: null, tags: [] };

/** True when others have to approve a change before it counts; never before a tenant's first policy. */
export function needsQuorum({ exist, watched }: RulesInForce, subject: ChangeSubject): boolean {
  return exist && isWatched(watched, subject);
}

function isWatched(watched: Watched, subject: ChangeSubject): boolean {
  if (subject.kind === 'create_wallet') return walletNeedsQuorum(watched, UNMARKED, subject);
  if (subject.kind === 'update_wallet') return walletNeedsQuorum(watched, subject.base, subject.next);
  if (subject.kind === 'reset_totp' || subject.kind === 'set_approval_address')
    return isDecider(watched, { userId: branded<UserId>(subject.userId), roles: subject.base.roles });
  if (subject.kind !== 'update_user') return true;
  const step = { before: rightsOf(subject.base), after: rightsOf(subject.next) };
  return userNeedsQuorum(watched, { userId: branded<UserId>(subject.userId), ...step }, APPROVING_ROLES);
}

/** The resource that a change is about. */
export function subjectIdOf(subject: ChangeSubject): string {
  if ('policyId' in subject && !('walletId' in subject)) return subject.policyId;
  return 'walletId' in subject ? subject.walletId : subject.userId;
}

/** The person whom a change is about: he has no say in it. */
export function personOf(subject: ChangeSubject): string | null {
  return 'userId' in subject && !('walletId' in subject) ? subject.userId : null;
}

type Rights = Extract<ChangeSubject, { kind: 'update_user' }>['base'];

function rightsOf({ roles, status }: Rights): UserRights {
  return { roles, isActive: status === 'active' };
}
