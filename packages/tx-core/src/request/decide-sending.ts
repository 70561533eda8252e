import type { CommandOf, Facts } from './command.ts';
import { accept, type Outcome, refuse } from './outcome.ts';
import { prevailing } from './sighting.ts';
import { attemptOf, isTooLate, newestSigned, type TxRequest } from './state.ts';

/** May these bytes be sent, now or again? Only the newest signed attempt, and a payment only in time. */
export function dispatch(command: CommandOf<'dispatch'>, state: TxRequest, facts: Facts): Outcome {
  const attempt = newestSigned(state);
  if (attempt === undefined || !isUnderWay(state)) return refuse('illegal_transition');
  if (attempt.id !== command.attemptId) return refuse('illegal_transition');
  if (attempt.kind !== 'cancel' && isTooLate(state, facts.nowMs)) return refuse('too_late');
  return attempt.dispatched ? accept() : accept({ type: 'dispatched', attemptId: attempt.id });
}

/** A node has the bytes; said once, and again after it had lost them. */
export function noteAccepted(command: CommandOf<'noteAccepted'>, state: TxRequest): Outcome {
  const attempt = attemptOf(state, command.attemptId);
  if (attempt === undefined) return refuse('unknown_attempt');
  if (!isUnderWay(state)) return refuse('illegal_transition');
  return attempt.state === 'signed' ? accept({ type: 'broadcasted', attemptId: attempt.id }) : accept();
}

/** A node's refusal is a reason, not an end: the bytes could still be mined, so they are sent again. */
export function noteRefused(command: CommandOf<'noteRefused'>, state: TxRequest): Outcome {
  const attempt = attemptOf(state, command.attemptId);
  if (attempt === undefined) return refuse('unknown_attempt');
  if (!isUnderWay(state) || !attempt.bytesStored) return refuse('illegal_transition');
  // What a newer attempt displaced is not sent again, so nobody has to act on what nodes say of it.
  if (newestSigned(state)?.id !== attempt.id) return accept();
  const isKnown = attempt.state === 'signed' && state.reason === command.reason;
  return isKnown ? accept() : accept({ type: 'refused', attemptId: attempt.id, reason: command.reason });
}

/** Nothing came of it for many blocks; said once. */
export function noteStuck(_: CommandOf<'noteStuck'>, state: TxRequest): Outcome {
  if (state.status !== 'broadcasted' || !isUnderWay(state)) return refuse('illegal_transition');
  return state.reason === 'stuck' ? accept() : accept({ type: 'stuck' });
}

function isUnderWay(state: TxRequest): boolean {
  const isSent = state.status === 'signed' || state.status === 'broadcasted';
  return isSent && prevailing(state.sightings).winner === null;
}
