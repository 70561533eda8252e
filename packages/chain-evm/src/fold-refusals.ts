import type { ChainFailure } from '@ironforge/chain-core';
import { isTransportFailure } from '@ironforge/chain-core';

/** What one endpoint made of signed bytes: null when it took them. */
export type SendAnswer = ChainFailure | null;

/** True when an endpoint has the bytes: it took them now, or knew them. */
export function isTaken(answer: SendAnswer): boolean {
  return answer === null || answer.reason === 'already_known';
}

/**
 * The one thing to tell of refusals by every endpoint: the first judgement there is, in the order of preference. Where no
 * node judged, the worst of the silences: if one of them may have carried the bytes on, the outcome is unknown.
 */
export function foldRefusals(failures: readonly ChainFailure[]): ChainFailure {
  const judged = failures.find((failure) => !isTransportFailure(failure));
  const unknown = failures.find(({ reason }) => reason === 'unknown_outcome');
  return (
    judged ?? unknown ?? failures[0] ?? { reason: 'unreachable', detail: 'no endpoint may be asked now' }
  );
}
