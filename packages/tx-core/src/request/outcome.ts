import type { Event } from './event.ts';

/** Why a command was refused; the request is as it was. */
export type Rejection =
  | 'illegal_transition'
  | 'intent_mismatch'
  | 'initiator_cannot_approve'
  | 'not_an_approver'
  | 'already_decided'
  | 'too_late'
  | 'not_due'
  | 'waiting_for_nonce'
  | 'lease_lost'
  | 'unknown_attempt'
  | 'already_final';

/** What a command leads to; no events means that all of it has happened before. */
export type Outcome = { readonly accepted: readonly Event[] } | { readonly rejected: Rejection };

/** The command is carried out by these events. */
export function accept(...events: readonly Event[]): Outcome {
  return { accepted: events };
}

/** The command is refused. */
export function refuse(rejected: Rejection): Outcome {
  return { rejected };
}
