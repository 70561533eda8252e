import { appError, type ErrorCode } from '@ironforge/contracts';
import type { AppError } from '@ironforge/kernel';
import type { ChangeRejection } from '@ironforge/tx-core';

const CODES: Readonly<Record<ChangeRejection, ErrorCode>> = {
  illegal_transition: 'illegal_transition',
  change_mismatch: 'change_mismatch',
  author_cannot_approve: 'initiator_cannot_approve',
  not_an_approver: 'not_an_approver',
  already_decided: 'already_decided',
  not_the_author: 'permission_denied',
  too_late: 'illegal_transition',
  not_due: 'illegal_transition',
};

/** What a caller is told when a change refuses his command. */
export function changeRefusal(rejected: ChangeRejection, status: string): AppError {
  const detail = rejected === 'too_late' ? 'the time of the change is over' : `the change is ${status}`;
  return appError(CODES[rejected], { detail });
}
