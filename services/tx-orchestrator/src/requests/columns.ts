import {
  type Attempt,
  awaitsFirstSending,
  isUndecided,
  newestSigned,
  prevailing,
  type TxRequest,
} from '@ironforge/tx-core';

/** What lists, sweepers and people look for, beside the state it is taken from. */
export interface RequestColumns {
  readonly status: string;
  readonly reason: string | null;
  readonly version: number;
  readonly txHash: string | null;
  readonly blockHeight: number | null;
  readonly blockHash: string | null;
  /** The one nonce that it may take, once it was offered any. */
  readonly boundNonce: number | null;
  /** The next time-out. */
  readonly expiresAt: Date | null;
  readonly isFinal: boolean;
  /** It waits for a signer of the payment itself. */
  readonly isSignable: boolean;
}

/** The columns that mirror a state. */
export function columnsOf(state: TxRequest): RequestColumns {
  const { status, reason, version, boundNonce, finalized: isFinal } = state;
  const isSignable = status === 'approved';
  const same = { status, reason, version, boundNonce, isFinal, isSignable };
  return { ...same, expiresAt: nextTimeout(state), ...placeOf(state) };
}

function placeOf(state: TxRequest): Pick<RequestColumns, 'txHash' | 'blockHeight' | 'blockHash'> {
  const { winner } = prevailing(state.sightings);
  if (winner?.by === 'attempt') return winner;
  return { txHash: newestSigned(state)?.txHash ?? null, blockHeight: null, blockHash: null };
}

function nextTimeout(state: TxRequest): Date | null {
  const deadlines = [...deadlinesOf(state), ...state.attempts.flatMap(deadlineOf)];
  return deadlines.length === 0 ? null : new Date(Math.min(...deadlines));
}

function deadlinesOf(state: TxRequest): readonly number[] {
  const { validUntilMs, approvalDeadlineMs } = state;
  return isTimed(state) ? [validUntilMs, approvalDeadlineMs ?? validUntilMs] : [];
}

/** Until when people may decide on a replacement that waits for them. */
function deadlineOf(attempt: Attempt): readonly number[] {
  const { approvalDeadlineMs } = attempt;
  return isUndecided(attempt) && approvalDeadlineMs !== undefined ? [approvalDeadlineMs] : [];
}

function isTimed(state: TxRequest): boolean {
  const { status, reason, attempts } = state;
  if (status === 'draft' || status === 'pending_approval' || status === 'approved') return true;
  const isUnsent =
    status === 'signed' ? !attempts.some(({ dispatched }) => dispatched) : awaitsFirstSending(state);
  return isUnsent && reason !== 'validity_passed';
}
