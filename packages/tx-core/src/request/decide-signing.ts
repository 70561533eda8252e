import type { CommandOf, Facts } from './command.ts';
import { dispatch } from './decide-sending.ts';
import type { EventOf } from './event.ts';
import { evolve } from './evolve.ts';
import { accept, type Outcome, type Rejection, refuse } from './outcome.ts';
import { prevailing } from './sighting.ts';
import {
  type Attempt,
  attemptOf,
  hasSignature,
  isTakenBack,
  isTooLate,
  isUndecided,
  openOffer,
  type TxRequest,
} from './state.ts';
import type { AttemptKind } from './status.ts';

/**
 * A payload is handed out for one nonce. A request that was ever offered a nonce takes no other one until
 * that is finally spent by something else, since its old signature may exist somewhere.
 */
export function offerPayload(command: CommandOf<'offerPayload'>, state: TxRequest, facts: Facts): Outcome {
  if (!isOfferable(command, state)) return refuse('illegal_transition');
  if (command.kind !== 'cancel' && isTooLate(state, facts.nowMs)) return refuse('too_late');
  if (state.boundNonce !== null && state.boundNonce !== command.nonce) return refuse('waiting_for_nonce');
  const { attemptId, kind, nonce, leaseId, fence } = command;
  return accept({ type: 'payload_offered', attemptId, kind, nonce, leaseId, fence });
}

/** Another request took the nonce over, or it was spent: this lease can no longer be signed for. */
export function displace(command: CommandOf<'displace'>, state: TxRequest): Outcome {
  const attempt = attemptOf(state, command.attemptId);
  if (attempt === undefined) return refuse('unknown_attempt');
  if (attempt.state === 'displaced') return accept();
  return attempt.state === 'offered'
    ? accept({ type: 'lease_displaced', attemptId: attempt.id })
    : refuse('illegal_transition');
}

/**
 * Signed bytes that were found equal to the intent. A late one is welcome from a holder whom nobody
 * displaced; the same one again is no change, whatever became of the request. One that is due is told as signed and
 * dispatched by one event.
 */
export function acceptSignature(
  command: CommandOf<'acceptSignature'>,
  state: TxRequest,
  facts: Facts,
): Outcome {
  const attempt = state.attempts.find((candidate) => candidate.leaseId === command.leaseId);
  if (attempt === undefined) return refuse('lease_lost');
  if (attempt.txHash === command.txHash) return acceptKnown(command, { state, attempt, facts });
  const refusal = signatureRefusal(command, state, attempt) ?? validityRefusal(attempt, state, facts);
  return refusal === null ? acceptBytes(command, { state, attempt, facts }) : refuse(refusal);
}

interface Signing {
  readonly state: TxRequest;
  readonly attempt: Attempt;
  readonly facts: Facts;
}

/** A block shows this hash, or showed it before the signer did: the bytes are kept, since a reorg may need them again. */
function acceptKnown(command: CommandOf<'acceptSignature'>, signing: Signing): Outcome {
  const { attempt, state } = signing;
  if (attempt.bytesStored) return accept();
  const isHeld = attempt.fence === command.slotFence || isMined(attempt, state);
  return isHeld ? acceptBytes(command, signing) : refuse('lease_lost');
}

function isMined({ id }: Attempt, { sightings }: TxRequest): boolean {
  const { winner } = prevailing(sightings);
  return winner?.by === 'attempt' && winner.attemptId === id;
}

function acceptBytes(
  { txHash, isDue }: CommandOf<'acceptSignature'>,
  { state, attempt: { id: attemptId }, facts }: Signing,
): Outcome {
  const signed = { type: 'signed', attemptId, txHash } as const;
  const dispatched = isDue && maySend({ ...signed, dispatched: false }, state, facts);
  return accept({ ...signed, dispatched });
}

function maySend(signed: EventOf<'signed'>, state: TxRequest, facts: Facts): boolean {
  const outcome = dispatch({ type: 'dispatch', attemptId: signed.attemptId }, evolve(state, signed), facts);
  return 'accepted' in outcome;
}

/** The request cannot go on for now; said once for each reason. */
export function delay(command: CommandOf<'delay'>, state: TxRequest): Outcome {
  if (state.status !== 'approved' && state.status !== 'signed') return refuse('illegal_transition');
  const isSaid = state.reason === command.reason || state.reason === 'validity_passed';
  return isSaid ? accept() : accept({ type: 'delayed', reason: command.reason });
}

/** The same payment at a higher fee, on the same nonce. */
export function speedUp(command: CommandOf<'speedUp'>, state: TxRequest, facts: Facts): Outcome {
  return addAttempt(command, state, facts);
}

/** Nothing to oneself on the same nonce, so that the payment can no longer be mined. */
export function cancelOnChain(command: CommandOf<'cancelOnChain'>, state: TxRequest, facts: Facts): Outcome {
  return addAttempt(command, state, facts);
}

type Replacing = CommandOf<'speedUp' | 'cancelOnChain'>;

const KINDS = { speedUp: 'speed_up', cancelOnChain: 'cancel' } as const;

/** One replacement at a time is open for signing; the one before ends when it gives way. */
function addAttempt(command: Replacing, state: TxRequest, { nowMs }: Facts): Outcome {
  const { boundNonce: nonce } = state;
  const { attemptId: id, intentHash } = command;
  const kind = KINDS[command.type];
  if (nonce === null || !isReplaceable(kind, state)) return refuse('illegal_transition');
  const ended = state.attempts
    .filter(isOpen)
    .map((open) => ({ type: 'attempt_rejected', attemptId: open.id }) as const);
  const unsigned = { leaseId: null, fence: null, txHash: null, bytesStored: false, dispatched: false };
  const attempt = { id, kind, intentHash, nonce, ...unsigned, ...termsOf(command, nowMs) };
  return accept(...ended, { type: 'attempt_added', attempt });
}

/** Its ceiling, and whether people are asked about that, and until when. */
function termsOf({ approvalTimeoutMs, feeCeiling }: Replacing, nowMs: number) {
  const ceiling = feeCeiling === undefined ? {} : { feeCeiling };
  if (approvalTimeoutMs === null) return { state: 'offered', ...ceiling } as const;
  return { state: 'pending_approval', approvalDeadlineMs: nowMs + approvalTimeoutMs, ...ceiling } as const;
}

function isOfferable(command: CommandOf<'offerPayload'>, state: TxRequest): boolean {
  if (command.kind === 'original') return state.status === 'approved' && !openOffer(state, 'original');
  const attempt = attemptOf(state, command.attemptId);
  return isOnItsWay(state) && attempt?.state === 'offered' && attempt.leaseId === null;
}

function signatureRefusal(
  command: CommandOf<'acceptSignature'>,
  state: TxRequest,
  attempt: Attempt,
): Rejection | null {
  if (attempt.state === 'displaced' || attempt.fence !== command.slotFence) return 'lease_lost';
  const isExpected = attempt.kind === 'original' ? state.status === 'approved' : isOnItsWay(state);
  if (!isExpected || attempt.state !== 'offered') return 'illegal_transition';
  return prevailing(state.sightings).winner === null ? null : 'lease_lost';
}

function validityRefusal(attempt: Attempt, state: TxRequest, facts: Facts): Rejection | null {
  return attempt.kind !== 'cancel' && isTooLate(state, facts.nowMs) ? 'too_late' : null;
}

function isReplaceable(kind: AttemptKind, state: TxRequest): boolean {
  const isFree = state.attempts.filter(isOpen).every((open) => givesWay(open, kind));
  const isPayment = kind !== 'speed_up' || !isTakenBack(state);
  const isUnmined = prevailing(state.sightings).winner === null;
  return isOnItsWay(state) && hasSignature(state) && isFree && isPayment && isUnmined;
}

function isOpen(attempt: Attempt): boolean {
  return attempt.state === 'offered' || isUndecided(attempt);
}

/** Taking back is always possible; a speed-up that nobody was handed makes room for another ceiling. */
function givesWay(open: Attempt, kind: AttemptKind): boolean {
  if (open.kind === 'original') return false;
  return kind === 'cancel' || (open.kind === 'speed_up' && open.leaseId === null);
}

function isOnItsWay({ status }: TxRequest): boolean {
  return status === 'signed' || status === 'broadcasted';
}
