import type { AttemptId, UserId } from '@ironforge/kernel';
import type { Delay, Denial, NodeRefusal, Offer } from './command.ts';
import type { Observer, Sighting } from './sighting.ts';
import type { Attempt } from './state.ts';
import type { Reason } from './status.ts';

/** Who saw what; carried by every event that an observation causes, so that older ones are known. */
export type Seen = { readonly observer: Observer; readonly sighting: Sighting };

type FromChain = { readonly seen: Seen };

type OfAttempt = { readonly attemptId: AttemptId };

type ByPerson = { readonly userId: UserId; readonly intentHash: string };

type Because<R extends Reason> = { readonly reason: R };

/** What happens to a request, by name. */
type Events = {
  created: { readonly intentHash: string; readonly validUntilMs: number };
  submitted: { readonly approvalDeadlineMs: number | null };
  approval_granted: ByPerson;
  approval_refused: ByPerson;
  approved: unknown;
  quorum_lost: { readonly approvalDeadlineMs: number };
  rejected: Because<Denial | 'rejected_by_approver'>;
  expired: Because<'approval_timeout' | 'validity_passed'>;
  validity_passed: unknown;
  cancelled: Because<'cancelled_by_user'> | (FromChain & Because<'cancelled_on_chain'>);
  payload_offered: Offer;
  lease_displaced: OfAttempt;
  /** `dispatched`: its turn had come, so that no event of that name follows. */
  signed: OfAttempt & { readonly txHash: string; readonly dispatched: boolean };
  delayed: Because<Delay>;
  dispatched: OfAttempt;
  broadcasted: OfAttempt;
  refused: OfAttempt & Because<NodeRefusal>;
  stuck: unknown;
  attempt_added: { readonly attempt: Attempt };
  attempt_approved: OfAttempt;
  /** Without a reason people refused it, or another replacement took its place. */
  attempt_rejected: OfAttempt & Partial<Because<'approval_timeout'>>;
  adopted: FromChain & { readonly attempt: Attempt };
  included: FromChain;
  reorged: FromChain;
  confirmed: FromChain;
  failed: FromChain & Because<'reverted' | 'replaced_outside'>;
  finalized: FromChain;
  nonce_released: FromChain;
  observed: FromChain;
};

export type EventType = keyof Events;

export type EventOf<T extends EventType> = { [K in T]: { readonly type: K } & Events[K] }[T];

/** What happened to a request, in the past tense; published as `tx_request.<type>`. */
export type Event = EventOf<EventType>;
