import type { CommandOf, Facts } from './command.ts';
import type { EventOf } from './event.ts';
import { accept, type Outcome, refuse } from './outcome.ts';
import { awaitsFirstSending, isPastDeadline, isTooLate, isUndecided, type TxRequest } from './state.ts';

/** A request begins once, as a draft. */
export function create(command: CommandOf<'create'>, state: TxRequest): Outcome {
  if (state.version > 0) return refuse('illegal_transition');
  return accept({ type: 'created', intentHash: command.intentHash, validUntilMs: command.validUntilMs });
}

/** The policy decides: approved at once, denied, or left to people for a while. */
export function submit(command: CommandOf<'submit'>, state: TxRequest, facts: Facts): Outcome {
  if (state.status !== 'draft') return refuse('illegal_transition');
  if (isTooLate(state, facts.nowMs)) return refuse('too_late');
  const { verdict } = command;
  if (verdict.effect === 'require_approvals') {
    return accept({ type: 'submitted', approvalDeadlineMs: facts.nowMs + verdict.timeoutMs });
  }
  const submitted = { type: 'submitted', approvalDeadlineMs: null } as const;
  if (verdict.effect === 'allow') return accept(submitted, { type: 'approved' });
  return accept(submitted, { type: 'rejected', reason: verdict.reason });
}

/** A deny of the policy now in force, or of screening, ends what is not signed yet. */
export function deny({ reason }: CommandOf<'deny'>, state: TxRequest): Outcome {
  if (state.status !== 'approved' && state.status !== 'pending_approval') return refuse('illegal_transition');
  return accept({ type: 'rejected', reason });
}

/** A person may take a request back until signed bytes are stored. */
export function cancel(_: CommandOf<'cancel'>, state: TxRequest): Outcome {
  if (!isUnsigned(state)) return refuse('illegal_transition');
  return accept({ type: 'cancelled', reason: 'cancelled_by_user' });
}

/**
 * Time ends what is unsigned, and a replacement that people did not decide on; signed bytes that were never sent are held
 * back from then on.
 */
export function expire(_: CommandOf<'expire'>, state: TxRequest, facts: Facts): Outcome {
  if (isUnsigned(state)) return expireUnsigned(state, facts);
  if (!isTimed(state)) return refuse('illegal_transition');
  const isLate = isUnsent(state) && isTooLate(state, facts.nowMs);
  const isHeldBack = state.reason === 'validity_passed';
  const events = [...overdueAttempts(state, facts), ...(isLate && !isHeldBack ? [VALIDITY_PASSED] : [])];
  return events.length > 0 || isLate ? accept(...events) : refuse('not_due');
}

const VALIDITY_PASSED = { type: 'validity_passed' } as const;

function isTimed(state: TxRequest): boolean {
  return isUnsent(state) || state.attempts.some(isUndecided);
}

function isUnsent(state: TxRequest): boolean {
  return state.status === 'signed' || awaitsFirstSending(state);
}

function overdueAttempts({ attempts }: TxRequest, { nowMs }: Facts): readonly EventOf<'attempt_rejected'>[] {
  return attempts
    .filter((attempt) => isUndecided(attempt) && isPastDeadline(attempt, nowMs))
    .map(({ id }) => ({ type: 'attempt_rejected', attemptId: id, reason: 'approval_timeout' }));
}

function expireUnsigned(state: TxRequest, { nowMs }: Facts): Outcome {
  if (isTooLate(state, nowMs)) return accept({ type: 'expired', reason: 'validity_passed' });
  if (!isPastDeadline(state, nowMs)) return refuse('not_due');
  return accept({ type: 'expired', reason: 'approval_timeout' });
}

function isUnsigned({ status }: TxRequest): boolean {
  return status === 'draft' || status === 'pending_approval' || status === 'approved';
}
