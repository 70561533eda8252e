import { appError, type ErrorCode } from '@ironforge/contracts';
import type { AppError } from '@ironforge/kernel';
import type { CommandOf, Rejection } from '@ironforge/tx-core';

const CODES: Readonly<Record<Rejection, ErrorCode>> = {
  illegal_transition: 'illegal_transition',
  intent_mismatch: 'intent_mismatch',
  initiator_cannot_approve: 'initiator_cannot_approve',
  not_an_approver: 'not_an_approver',
  already_decided: 'already_decided',
  too_late: 'illegal_transition',
  not_due: 'illegal_transition',
  waiting_for_nonce: 'waiting_for_nonce',
  lease_lost: 'lease_lost',
  unknown_attempt: 'lease_lost',
  already_final: 'illegal_transition',
};

/** What a caller is told when the request refuses his command. */
export function refusal(rejected: Rejection, status: string): AppError {
  const detail = rejected === 'too_late' ? 'the time of the request is over' : `the request is ${status}`;
  return appError(CODES[rejected], { detail });
}

/** What a caller is told when rules or screening refuse a request that was approved before. */
export function denial({ reason }: CommandOf<'deny'>): AppError {
  const by = reason === 'screening_denied' ? 'address screening' : 'the policy in force';
  return appError('illegal_transition', { detail: `the request is denied by ${by}` });
}
