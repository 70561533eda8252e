import { type AttemptId, branded, type LeaseId } from '@ironforge/kernel';
import type { Event, Seen } from './event.ts';
import type { Observer } from './sighting.ts';
import type { Attempt } from './state.ts';
import type { Depth } from './status.ts';

/** A request somewhere on its way, told by what happened to it so far. */
export type Situation = { readonly name: string; readonly given: readonly Event[] };

/** When everything in the examples happens. */
export const NOW_MS = 1_000;
/** After validity and approval time. */
export const LATE_MS = 9_000;

/** The intent hash of the examples. */
export const HASH = '0xa11';
/** The intent hash of the dearer twin. */
export const SPEED_UP_HASH = '0xa12';

/** The attempt of the payment itself. */
export const PAYMENT = attemptId('payment');
/** Its dearer twin. */
export const SPEED_UP = attemptId('speed-up');
/** The one that sends nothing. */
export const CANCEL = attemptId('cancel');
/** One that was adopted. */
export const ADOPTED = attemptId('adopted');
/** The lease of the payment. */
export const LEASE = leaseId('lease');

/** The payment in a block. */
export const mined = { txHash: '0x51', blockHeight: 10, blockHash: '0xb10', success: true };

const created: Event = { type: 'created', intentHash: HASH, validUntilMs: 5_000 };
const waiting: Event = { type: 'submitted', approvalDeadlineMs: 4_000 };
const approved: readonly Event[] = [created, waiting, { type: 'approved' }];
const offer = { nonce: 7, fence: 1 } as const;
const offered: readonly Event[] = [
  ...approved,
  { type: 'payload_offered', attemptId: PAYMENT, kind: 'original', leaseId: LEASE, ...offer },
];
const signed: readonly Event[] = [
  ...offered,
  { type: 'signed', attemptId: PAYMENT, txHash: mined.txHash, dispatched: false },
];
const dispatched: readonly Event[] = [...signed, { type: 'dispatched', attemptId: PAYMENT }];
const broadcasted: readonly Event[] = [...dispatched, { type: 'broadcasted', attemptId: PAYMENT }];
const included: readonly Event[] = [...broadcasted, { type: 'included', seen: seenWinner('included') }];
const confirmed: readonly Event[] = [...included, { type: 'confirmed', seen: seenWinner('confirmed') }];
const outside: readonly Event[] = [
  ...broadcasted,
  { type: 'failed', reason: 'replaced_outside', seen: seenOutside('confirmed') },
];
const cancelOffered: readonly Event[] = [
  ...broadcasted,
  { type: 'attempt_added', attempt: replacement(CANCEL, 'cancel', 'offered') },
];

/** One situation for every way a status can be reached that decisions tell apart. */
export const SITUATIONS: readonly Situation[] = [
  { name: 'draft', given: [created] },
  { name: 'pending_approval', given: [created, waiting] },
  { name: 'pending_approval, quorum lost after a payload was offered', given: [...offered, lostQuorum()] },
  { name: 'approved', given: approved },
  { name: 'approved, payload offered', given: offered },
  { name: 'approved, displaced', given: [...offered, { type: 'lease_displaced', attemptId: PAYMENT }] },
  { name: 'signed', given: signed },
  { name: 'signed, validity passed', given: [...signed, { type: 'validity_passed' }] },
  { name: 'signed, dispatched', given: dispatched },
  { name: 'broadcasted', given: broadcasted },
  {
    name: 'broadcasted, evicted',
    given: [...broadcasted, { type: 'refused', attemptId: PAYMENT, reason: 'evicted' }],
  },
  { name: 'broadcasted, speed-up undecided', given: [...broadcasted, speedUpAdded()] },
  { name: 'broadcasted, cancel attempt open', given: cancelOffered },
  { name: 'broadcasted, included', given: included },
  { name: 'confirmed', given: confirmed },
  { name: 'confirmed, final', given: [...confirmed, { type: 'finalized', seen: seenWinner('finalized') }] },
  {
    name: 'failed, reverted',
    given: [...included, { type: 'failed', reason: 'reverted', seen: seenWinner('confirmed') }],
  },
  { name: 'failed, replaced outside', given: outside },
  {
    name: 'rejected',
    given: [created, waiting, { type: 'rejected', reason: 'rejected_by_approver' }],
  },
  {
    name: 'rejected, denied after an offer',
    given: [...offered, { type: 'rejected', reason: 'policy_denied' }],
  },
  { name: 'expired', given: [created, waiting, { type: 'expired', reason: 'approval_timeout' }] },
  { name: 'expired after an offer', given: [...offered, { type: 'expired', reason: 'validity_passed' }] },
  { name: 'cancelled', given: [created, { type: 'cancelled', reason: 'cancelled_by_user' }] },
  {
    name: 'cancelled after an offer',
    given: [...offered, { type: 'cancelled', reason: 'cancelled_by_user' }],
  },
  { name: 'cancelled on the chain', given: cancelledOnChain() },
];

function attemptId(name: string): AttemptId {
  return branded<AttemptId>(name);
}

function leaseId(name: string): LeaseId {
  return branded<LeaseId>(name);
}

function lostQuorum(): Event {
  return { type: 'quorum_lost', approvalDeadlineMs: 4_000 };
}

function speedUpAdded(): Event {
  const attempt = replacement(SPEED_UP, 'speed_up', 'pending_approval');
  return { type: 'attempt_added', attempt: { ...attempt, approvalDeadlineMs: 4_000 } };
}

function replacement(id: AttemptId, kind: Attempt['kind'], state: Attempt['state']): Attempt {
  const unsigned = { leaseId: null, fence: null, txHash: null, bytesStored: false, dispatched: false };
  return { id, kind, state, intentHash: SPEED_UP_HASH, nonce: offer.nonce, ...unsigned };
}

function cancelledOnChain(): readonly Event[] {
  const leased = {
    attemptId: CANCEL,
    kind: 'cancel',
    leaseId: leaseId('second'),
    nonce: 7,
    fence: 2,
  } as const;
  const seen = (depth: Depth): Seen => seenWinner(depth, { ...mined, attemptId: CANCEL, txHash: '0x52' });
  return [
    ...cancelOffered,
    { type: 'payload_offered', ...leased },
    { type: 'signed', attemptId: CANCEL, txHash: '0x52', dispatched: true },
    { type: 'included', seen: seen('included') },
    { type: 'cancelled', reason: 'cancelled_on_chain', seen: seen('confirmed') },
  ];
}

function seenWinner(depth: Depth, tx: typeof mined & { attemptId?: AttemptId } = mined): Seen {
  const winner = { by: 'attempt', attemptId: PAYMENT, ...tx } as const;
  return { observer: 'watch', sighting: { version: 1, depth, winner } };
}

function seenOutside(depth: Depth): Seen {
  const observer: Observer = 'slot';
  return { observer, sighting: { version: 1, depth, winner: { by: 'outside' } } };
}
