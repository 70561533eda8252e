import { assertNever } from '@ironforge/kernel';
import type { CommandOf, Facts, PersonsDecision, Standing } from './command.ts';
import type { Event } from './event.ts';
import { accept, type Outcome, type Rejection, refuse } from './outcome.ts';
import { type Attempt, isPastDeadline, isTooLate, isUndecided, type TxRequest } from './state.ts';

/** One more approval over exactly one intent hash; the last one that was missing approves. */
export function approve(command: CommandOf<'approve'>, state: TxRequest, facts: Facts): Outcome {
  const refusal = refusalOf(command, state);
  if (refusal !== null) return refuse(refusal);
  const attempt = undecidedAttempt(state, command.intentHash);
  if (isOverdue(attempt ?? state, facts)) return refuse('too_late');
  const granted = {
    type: 'approval_granted',
    userId: command.userId,
    intentHash: command.intentHash,
  } as const;
  if (!command.quorum) return accept(granted);
  return accept(granted, approvalOf(attempt));
}

/** One rejection is enough, unless the rule lets those decide who are left. */
export function reject(command: CommandOf<'reject'>, state: TxRequest): Outcome {
  const refusal = refusalOf(command, state);
  if (refusal !== null) return refuse(refusal);
  const { userId, intentHash, isDecisive } = command;
  const attempt = undecidedAttempt(state, intentHash);
  const refused = { type: 'approval_refused', userId, intentHash } as const;
  if (!isDecisive) return accept(refused);
  if (attempt !== undefined) return accept(refused, { type: 'attempt_rejected', attemptId: attempt.id });
  return accept(refused, { type: 'rejected', reason: 'rejected_by_approver' });
}

/** The approvals given for an intent are enough after all, for example because an approver was reinstated. */
export function resolveQuorum(
  { intentHash }: CommandOf<'resolveQuorum'>,
  state: TxRequest,
  facts: Facts,
): Outcome {
  const refusal = refusalOfHash(intentHash, state);
  if (refusal !== null) return refuse(refusal);
  const attempt = undecidedAttempt(state, intentHash);
  return isOverdue(attempt ?? state, facts) ? refuse('too_late') : accept(approvalOf(attempt));
}

/** An approver no longer counts, so people are asked again; nothing signed is touched. */
export function loseQuorum(command: CommandOf<'loseQuorum'>, state: TxRequest, facts: Facts): Outcome {
  if (state.status !== 'approved') return refuse('illegal_transition');
  return accept({ type: 'quorum_lost', approvalDeadlineMs: facts.nowMs + command.timeoutMs });
}

function refusalOf(decision: PersonsDecision, state: TxRequest): Rejection | null {
  return refusalOfHash(decision.intentHash, state) ?? refusalByStanding(decision.standing);
}

/** People are asked about the request while it waits for them, and about an attempt that does. */
function refusalOfHash(intentHash: string, state: TxRequest): Rejection | null {
  if (intentHash === state.intentHash)
    return state.status === 'pending_approval' ? null : 'illegal_transition';
  return undecidedAttempt(state, intentHash) === undefined ? 'intent_mismatch' : null;
}

function undecidedAttempt(state: TxRequest, intentHash: string): Attempt | undefined {
  return state.attempts.find((attempt) => isUndecided(attempt) && attempt.intentHash === intentHash);
}

function refusalByStanding(standing: Standing): Rejection | null {
  switch (standing) {
    case 'approver':
      return null;
    case 'initiator':
      return 'initiator_cannot_approve';
    case 'stranger':
      return 'not_an_approver';
    case 'decided':
      return 'already_decided';
    default:
      return assertNever(standing);
  }
}

/** A replacement of what is under way has a deadline and no validity of its own. */
function isOverdue(asked: TxRequest | Attempt, { nowMs }: Facts): boolean {
  return isPastDeadline(asked, nowMs) || ('validUntilMs' in asked && isTooLate(asked, nowMs));
}

function approvalOf(attempt: Attempt | undefined): Event {
  return attempt === undefined ? { type: 'approved' } : { type: 'attempt_approved', attemptId: attempt.id };
}
