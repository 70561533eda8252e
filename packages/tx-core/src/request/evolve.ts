import type { AttemptId } from '@ironforge/kernel';
import type { Event, EventOf, EventType, Seen } from './event.ts';
import { noSightings, prevailing } from './sighting.ts';
import { type Attempt, attemptOf, initialState, type TxRequest } from './state.ts';
import type { Reason } from './status.ts';

/** The request after one event; each raises the version by one. */
export function evolve(state: TxRequest, event: Event): TxRequest {
  return { ...apply(state, event), version: state.version + 1 };
}

/** The request that these events lead to. */
export function fold(events: readonly Event[], from: TxRequest = initialState): TxRequest {
  return events.reduce(evolve, from);
}

type Change<T extends EventType> = (state: TxRequest, event: EventOf<T>) => TxRequest;

const CHANGES: { readonly [T in EventType]: Change<T> } = {
  created: (state, { intentHash, validUntilMs }) => ({ ...state, intentHash, validUntilMs }),
  submitted: awaitApproval,
  quorum_lost: awaitApproval,
  approval_granted: (state) => state,
  approval_refused: (state) => state,
  approved: (state) => ({
    ...state,
    status: 'approved',
    reason: 'waiting_for_signer',
    approvalDeadlineMs: null,
  }),
  rejected: endUnsigned,
  expired: endUnsigned,
  cancelled: (state, event) => ('seen' in event ? endOnChain(state, event) : endUnsigned(state, event)),
  validity_passed: (state) => ({ ...state, reason: 'validity_passed' }),
  payload_offered: offered,
  lease_displaced: (state, { attemptId }) =>
    waiting(changed(state, attemptId, { state: 'displaced' }), 'waiting_for_nonce'),
  signed,
  delayed: (state, { reason }) => ({ ...state, reason }),
  dispatched: (state, { attemptId }) => ({
    ...changed(state, attemptId, { dispatched: true }),
    reason: null,
  }),
  broadcasted: (state, { attemptId }) => ({
    ...changed(state, attemptId, { state: 'sent' }),
    status: 'broadcasted',
    reason: null,
  }),
  refused: (state, { attemptId, reason }) => ({ ...changed(state, attemptId, { state: 'signed' }), reason }),
  stuck: (state) => ({ ...state, reason: 'stuck' }),
  attempt_added: (state, { attempt }) => withAttempt(state, attempt),
  attempt_approved: (state, { attemptId }) => changed(state, attemptId, { state: 'offered' }),
  attempt_rejected: (state, { attemptId }) => changed(state, attemptId, { state: 'replaced' }),
  adopted: (state, event) => withAttempt(seen(state, event), event.attempt),
  included,
  reorged: (state, event) => reorged(seen(state, event)),
  confirmed: endOnChain,
  failed: endOnChain,
  finalized: (state, event) => ({ ...seen(state, event), finalized: true }),
  nonce_released: released,
  observed: seen,
};

/** The type parameter ties an event to its own change. */
function apply<T extends EventType>(state: TxRequest, event: EventOf<T>): TxRequest {
  const change: Change<T> = CHANGES[event.type];
  return change(state, event);
}

function awaitApproval(
  state: TxRequest,
  { approvalDeadlineMs }: EventOf<'submitted' | 'quorum_lost'>,
): TxRequest {
  return { ...state, status: 'pending_approval', reason: null, approvalDeadlineMs };
}

function endUnsigned(
  state: TxRequest,
  { type, reason }: Pick<EventOf<'rejected' | 'expired' | 'cancelled'>, 'type' | 'reason'>,
): TxRequest {
  return { ...state, status: type, reason, approvalDeadlineMs: null };
}

function offered(state: TxRequest, event: EventOf<'payload_offered'>): TxRequest {
  const { attemptId: id, kind, nonce, leaseId, fence } = event;
  const { intentHash, ...terms } = termsOf(state, id);
  const unsigned = { txHash: null, bytesStored: false, dispatched: false };
  const attempt: Attempt = {
    ...terms,
    id,
    kind,
    state: 'offered',
    intentHash,
    nonce,
    leaseId,
    fence,
    ...unsigned,
  };
  return waiting({ ...withAttempt(state, attempt), boundNonce: nonce }, 'waiting_for_signer');
}

/** A replacement keeps what was approved for it: its intent, and its ceiling, which stays held. */
function termsOf(state: TxRequest, id: AttemptId): Pick<Attempt, 'intentHash' | 'feeCeiling'> {
  const { intentHash = state.intentHash, feeCeiling } = attemptOf(state, id) ?? {};
  return feeCeiling === undefined ? { intentHash } : { intentHash, feeCeiling };
}

function signed(state: TxRequest, event: EventOf<'signed'>): TxRequest {
  const { attemptId, txHash, dispatched } = event;
  const known = attemptOf(state, attemptId);
  const isOver = known !== undefined && isPast(known);
  const stands = isOver ? {} : { state: 'signed' as const };
  const next = changed(state, attemptId, { ...stands, txHash, bytesStored: true, dispatched });
  if (state.status === 'approved') return { ...next, status: 'signed', reason: null };
  return dispatched ? { ...next, reason: null } : next;
}

/** What waits says why; every other status keeps the reason that it has. */
function waiting(state: TxRequest, reason: Reason): TxRequest {
  return state.status === 'approved' ? { ...state, reason } : state;
}

function seen(state: TxRequest, { seen: { observer, sighting } }: { readonly seen: Seen }): TxRequest {
  return { ...state, sightings: { ...state.sightings, [observer]: sighting } };
}

function included(before: TxRequest, event: EventOf<'included'>): TxRequest {
  const state = seen(before, event);
  const { winner } = prevailing(state.sightings);
  const mined = winner?.by === 'attempt' ? changed(state, winner.attemptId, { state: 'mined' }) : state;
  return { ...mined, status: 'broadcasted', reason: wasEnded(before) ? 'mined_after_cancel' : null };
}

function wasEnded({ status }: TxRequest): boolean {
  return status === 'cancelled' || status === 'expired' || status === 'rejected';
}

function endOnChain(
  state: TxRequest,
  event: Extract<EventOf<'confirmed' | 'failed' | 'cancelled'>, { seen: Seen }>,
): TxRequest {
  const kept = state.reason === 'mined_after_cancel' ? state.reason : null;
  const reason = 'reason' in event ? event.reason : kept;
  return { ...seen(state, event), status: event.type, reason, attempts: state.attempts.map(overtaken) };
}

/** True of what a block has, or something else has in its place: bytes that come late do not change that. */
function isPast({ state }: Attempt): boolean {
  return state === 'mined' || state === 'replaced' || state === 'displaced';
}

function overtaken(attempt: Attempt): Attempt {
  return isPast(attempt) ? attempt : { ...attempt, state: 'replaced' };
}

function reorged(state: TxRequest): TxRequest {
  return { ...state, status: 'broadcasted', reason: 'reorged', attempts: state.attempts.map(reopened) };
}

/** Signed bytes are valid again; ours are sent again, the others are somewhere out there. */
function reopened(attempt: Attempt): Attempt {
  if (attempt.txHash === null) return attempt;
  return { ...attempt, state: attempt.bytesStored ? 'signed' : 'sent' };
}

/** The old nonce can carry no payment of this request any more: it may take a new one. */
function released(state: TxRequest): TxRequest {
  const attempts = state.attempts.map((attempt) => ({ ...attempt, state: 'displaced' as const }));
  return waiting({ ...state, attempts, boundNonce: null, sightings: noSightings }, 'waiting_for_signer');
}

function changed(state: TxRequest, id: Attempt['id'], change: Partial<Attempt>): TxRequest {
  const attempts = state.attempts.map((attempt) => (attempt.id === id ? { ...attempt, ...change } : attempt));
  return { ...state, attempts };
}

function withAttempt(state: TxRequest, attempt: Attempt): TxRequest {
  const others = state.attempts.filter(({ id }) => id !== attempt.id);
  return { ...state, attempts: [...others, attempt] };
}
