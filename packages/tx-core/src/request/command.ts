import type { AttemptId, LeaseId, UserId } from '@ironforge/kernel';
import type { AttemptKind, Depth, Reason } from './status.ts';

/** What is true beside the request when a command is decided: the database's time, in ms since 1970. */
export type Facts = { readonly nowMs: number };

/** Why rules or screening refuse a request. */
export type Denial = Extract<Reason, 'policy_denied' | 'no_policy' | 'limit_reached' | 'screening_denied'>;

/** What the policy says about a request; a deny names its reason. */
export type PolicyVerdict =
  | { readonly effect: 'allow' }
  | { readonly effect: 'deny'; readonly reason: Denial }
  | { readonly effect: 'require_approvals'; readonly timeoutMs: number };

/** What somebody is to a request whose approval is asked for. */
export type Standing = 'approver' | 'initiator' | 'stranger' | 'decided';

/** A decision of one person over exactly one intent hash. */
export type PersonsDecision = {
  readonly userId: UserId;
  readonly intentHash: string;
  readonly standing: Standing;
};

/** Why a node did not take signed bytes; none of them ends a request. */
export type NodeRefusal = Extract<
  Reason,
  'refused_by_node' | 'insufficient_funds' | 'underpriced' | 'evicted' | 'outcome_unknown'
>;

/** Why a request cannot go on for now. */
export type Delay = Extract<Reason, 'waiting_for_nonce' | 'queued_behind' | 'insufficient_funds'>;

/** A transaction in a block, as an observer tells it. */
export type MinedTx = {
  readonly txHash: string;
  readonly blockHeight: number;
  readonly blockHash: string;
  readonly success: boolean;
};

/** The right to sign for a nonce, as it is handed out. */
export type Offer = {
  readonly attemptId: AttemptId;
  readonly kind: AttemptKind;
  readonly nonce: number;
  readonly leaseId: LeaseId;
  readonly fence: number;
};

type Replacement = {
  readonly attemptId: AttemptId;
  readonly intentHash: string;
  /** How long people may take who are asked about a fee above the approved ceiling; null when nobody is asked. */
  readonly approvalTimeoutMs: number | null;
  /** In native base units. */
  readonly feeCeiling?: string;
};

type OfAttempt = { readonly attemptId: AttemptId };

/** What an observer saw: newer versions replace older ones whole. */
type Observation = { readonly version: number; readonly depth: Depth };

/** Which nonce of the lane it is about: news of one that a request gave up are none of its business. */
type OfNonce = { readonly nonce: number };

/** What can be asked of a request, by name. Each carries what was looked up for it. */
type Commands = {
  create: { readonly intentHash: string; readonly validUntilMs: number };
  submit: { readonly verdict: PolicyVerdict };
  /** `quorum`: every group is full with this approval. */
  approve: PersonsDecision & { readonly quorum: boolean };
  /** `isDecisive`: one rejection ends it by its rule, or those who are left cannot be enough. */
  reject: PersonsDecision & { readonly isDecisive: boolean };
  /** The intent that enough people approved: the request's, or that of an attempt that waits for people. */
  resolveQuorum: { readonly intentHash: string };
  loseQuorum: { readonly timeoutMs: number };
  deny: { readonly reason: Denial };
  cancel: unknown;
  expire: unknown;
  offerPayload: Offer;
  displace: OfAttempt;
  /**
   * `slotFence`: of the slot now; another one than the lease's means that it was taken over. `isDue`: nothing below its nonce
   * is missing, so that the command to send it is written at once.
   */
  acceptSignature: {
    readonly leaseId: LeaseId;
    readonly txHash: string;
    readonly slotFence: number | null;
    readonly isDue: boolean;
  };
  delay: { readonly reason: Delay };
  dispatch: OfAttempt;
  noteAccepted: OfAttempt;
  noteRefused: OfAttempt & { readonly reason: NodeRefusal };
  noteStuck: unknown;
  speedUp: Replacement;
  cancelOnChain: Replacement;
  observe: Observation & { readonly winner: (OfAttempt & MinedTx) | null };
  /** `attemptId` has the transaction's effect; `newAttemptId` is for the attempt to be written when that one has other bytes. */
  adopt: Observation & OfNonce & OfAttempt & { readonly newAttemptId: AttemptId; readonly tx: MinedTx };
  spendOutside: Observation & OfNonce;
  unspend: OfNonce & { readonly version: number };
};

export type CommandType = keyof Commands;

export type CommandOf<T extends CommandType> = { [K in T]: { readonly type: K } & Commands[K] }[T];

/** What can be asked of a request. */
export type Command = CommandOf<CommandType>;
