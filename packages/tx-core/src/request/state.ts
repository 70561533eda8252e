import type { AttemptId, LeaseId } from '@ironforge/kernel';
import { noSightings, prevailing, type Sightings } from './sighting.ts';
import type { AttemptKind, AttemptState, Reason, Status } from './status.ts';

/** One payload for a request: bound to a nonce and, once somebody asked for it, to a lease. */
export type Attempt = {
  readonly id: AttemptId;
  readonly kind: AttemptKind;
  readonly state: AttemptState;
  readonly intentHash: string;
  readonly nonce: number;
  readonly leaseId: LeaseId | null;
  readonly fence: number | null;
  /** Known once it was signed, by us or by what a block showed. */
  readonly txHash: string | null;
  /** True while we hold its signed bytes; false for what the signer broadcast by himself. */
  readonly bytesStored: boolean;
  /** True once a command to send it was written. */
  readonly dispatched: boolean;
  /** Of a replacement: the most that the network may take, in native base units; unknown in older rows. */
  readonly feeCeiling?: string;
  /** Until when people may decide on a replacement that waits for them; unknown in older rows. */
  readonly approvalDeadlineMs?: number;
};

/** All that decisions about a request need; plain JSON, so that it is stored as it is. Times in ms since 1970. */
export type TxRequest = {
  readonly version: number;
  readonly status: Status;
  readonly reason: Reason | null;
  readonly intentHash: string;
  readonly validUntilMs: number;
  readonly approvalDeadlineMs: number | null;
  readonly attempts: readonly Attempt[];
  /** The one nonce it may take: offered once, and not yet finally spent by anything else. */
  readonly boundNonce: number | null;
  readonly sightings: Sightings;
  readonly finalized: boolean;
};

/** The state before the first event; it stands as a draft at version 0. */
export const initialState: TxRequest = {
  version: 0,
  status: 'draft',
  reason: null,
  intentHash: '',
  validUntilMs: 0,
  approvalDeadlineMs: null,
  attempts: [],
  boundNonce: null,
  sightings: noSightings,
  finalized: false,
};

/** True while signed bytes of this request are stored: nobody else may take its nonce, for they are sent again. */
export function hasSignature(state: TxRequest): boolean {
  return state.attempts.some((attempt) => attempt.bytesStored);
}

/** True once a signature of this request was seen, by us or in a block: from then on only the chain ends it. */
export function wasSigned(state: TxRequest): boolean {
  return state.attempts.some((attempt) => attempt.txHash !== null);
}

/** The attempt of that id, if the request has it. */
export function attemptOf(state: TxRequest, id: AttemptId): Attempt | undefined {
  return state.attempts.find((attempt) => attempt.id === id);
}

/**
 * The attempt whose bytes are sent, and sent again: the newest that we hold and that was not overtaken. Once the payment was taken
 * back only a cancel is, so none while its signer alone holds that.
 */
export function newestSigned(state: TxRequest): Attempt | undefined {
  const isCancelAlone = isTakenBack(state);
  const maySend = ({ kind, bytesStored }: Attempt) => bytesStored && (kind === 'cancel' || !isCancelAlone);
  return state.attempts.findLast((attempt) => isOpen(attempt) && maySend(attempt));
}

/** True once somebody took the payment back with a signature, whoever holds it: nothing of it is sent or made dearer any more. */
export function isTakenBack(state: TxRequest): boolean {
  return state.attempts.some(isSignedCancel);
}

/** The lease that a signer who asks again is given again: an offer of that kind which nobody took over. */
export function openOffer(state: TxRequest, kind: AttemptKind): Attempt | undefined {
  return state.attempts.find((attempt) => attempt.kind === kind && attempt.state === 'offered');
}

/** The most that the network may take for any attempt that can still be mined, given the request's own ceiling. */
export function highestCeiling({ attempts }: TxRequest, own: bigint): bigint {
  const ceilings = attempts.filter(isLive).map(({ feeCeiling }) => BigInt(feeCeiling ?? '0'));
  return ceilings.reduce((highest, one) => (one > highest ? one : highest), own);
}

function isLive({ state, txHash }: Attempt): boolean {
  return state === 'offered' || txHash !== null;
}

/** True once the validity ended before the payment was sent: one signed by then is never sent, whatever became of a cancel. */
export function isTooLate(state: TxRequest, nowMs: number): boolean {
  return nowMs >= state.validUntilMs && !wasSent(state);
}

/**
 * True of a payment that a reorg took out of its block while we hold its bytes and never sent them: its signer did, and handed them in
 * later. Its validity binds like that of one that was just signed.
 */
export function awaitsFirstSending(state: TxRequest): boolean {
  const isUnmined = state.status === 'broadcasted' && prevailing(state.sightings).winner === null;
  const bytes = newestSigned(state);
  return isUnmined && bytes !== undefined && bytes.kind !== 'cancel' && !wasSent(state);
}

/** True once people had their time to decide, on a request or on a replacement that waits for them. */
export function isPastDeadline(
  { approvalDeadlineMs }: Pick<TxRequest, 'approvalDeadlineMs'> | Pick<Attempt, 'approvalDeadlineMs'>,
  nowMs: number,
): boolean {
  return nowMs >= (approvalDeadlineMs ?? Number.POSITIVE_INFINITY);
}

/** True of a replacement that waits for people. */
export function isUndecided({ state }: Attempt): boolean {
  return state === 'pending_approval';
}

/** True once a command to send the payment was written. */
function wasSent({ attempts }: TxRequest): boolean {
  return attempts.some(({ kind, dispatched }) => dispatched && kind !== 'cancel');
}

function isSignedCancel({ kind, txHash }: Attempt): boolean {
  return kind === 'cancel' && txHash !== null;
}

function isOpen(attempt: Attempt): boolean {
  return attempt.state === 'signed' || attempt.state === 'sent';
}
