import type { ChainFailure, ChainFailureReason } from '@ironforge/chain-core';
import { isTransportFailure } from '@ironforge/chain-core';

/** What one endpoint made of signed bytes: null when it took them. */
export type SendAnswer = ChainFailure | null;

/** True when an endpoint has the bytes: it took them now, or knew them. */
export function isTaken(answer: SendAnswer): boolean {
  return answer === null || answer.reason === 'already_known';
}

/**
 * Which judgement is told when endpoints differ, first to last: what is known of the nonce for good, what only paying helps
 * against, what passes by itself, what is about the bytes, and last words that nobody knows.
 */
const TOLD_FIRST: readonly ChainFailureReason[] = [
  'nonce_too_low',
  'nonce_taken',
  'insufficient_funds',
  'underpriced',
  'fee_cap',
  'nonce_too_high',
  'pool_full',
  'reverted',
  'gas_limit',
  'invalid_bytes',
  'unsupported',
  'refused',
];

/**
 * The one thing to tell of refusals by every endpoint, given in the order of preference: the judgement of the highest rank,
 * and of the same rank the first. Where no node judged, the worst of the silences: if one of them may have carried the
 * bytes on, the outcome is unknown.
 */
export function foldRefusals(failures: readonly ChainFailure[]): ChainFailure {
  const judged = failures
    .filter((failure) => !isTransportFailure(failure))
    .toSorted((one, other) => rankOf(one) - rankOf(other))[0];
  const unknown = failures.find(({ reason }) => reason === 'unknown_outcome');
  return (
    judged ?? unknown ?? failures[0] ?? { reason: 'unreachable', detail: 'no endpoint may be asked now' }
  );
}

function rankOf({ reason }: ChainFailure): number {
  const rank = TOLD_FIRST.indexOf(reason);
  return rank < 0 ? TOLD_FIRST.length : rank;
}
