import { branded, type UserId } from '@ironforge/kernel';
import type { Command, CommandType, Facts, PersonsDecision } from './command.ts';
import {
  ADOPTED,
  HASH,
  LATE_MS,
  LEASE,
  mined,
  NOW_MS,
  PAYMENT,
  SPEED_UP,
  SPEED_UP_HASH,
} from './situations.ts';

/** A command with the facts it meets; `with` tells which of its variants it is. */
export type Example = { readonly with: string; readonly command: Command; readonly facts: Facts };

const now: Facts = { nowMs: NOW_MS };
const late: Facts = { nowMs: LATE_MS };
const byApprover: PersonsDecision = {
  userId: branded<UserId>('anna'),
  intentHash: HASH,
  standing: 'approver',
};
const watched = { version: 2, winner: { attemptId: PAYMENT, ...mined } } as const;
const reverted = { version: 2, winner: { attemptId: PAYMENT, ...mined, success: false } } as const;
const moved = { version: 2, winner: { attemptId: PAYMENT, ...mined, blockHash: '0xb11' } } as const;
const slot = { nonce: 7, version: 2 } as const;
const adoption = { ...slot, attemptId: PAYMENT, newAttemptId: ADOPTED, tx: { ...mined, txHash: '0x99' } };
const payload = { attemptId: ADOPTED, kind: 'original', leaseId: LEASE, fence: 2 } as const;
const replacement = { attemptId: SPEED_UP, intentHash: SPEED_UP_HASH } as const;
const signature = { leaseId: LEASE, txHash: '0x51', slotFence: 1, isDue: false } as const;

/** Every command, in the variants that its decision tells apart. */
export const EXAMPLES: readonly Example[] = [
  at('of a new request', now, { type: 'create', intentHash: HASH, validUntilMs: 5_000 }),
  at('allowed by the policy', now, { type: 'submit', verdict: { effect: 'allow' } }),
  at('approvals required', now, {
    type: 'submit',
    verdict: { effect: 'require_approvals', timeoutMs: 3_000 },
  }),
  at('denied by the policy', now, { type: 'submit', verdict: { effect: 'deny', reason: 'policy_denied' } }),
  at('no policy', now, { type: 'submit', verdict: { effect: 'deny', reason: 'no_policy' } }),
  at('the limit is reached', now, { type: 'submit', verdict: { effect: 'deny', reason: 'limit_reached' } }),
  at('after its validity', late, { type: 'submit', verdict: { effect: 'allow' } }),
  at('more are missing', now, { type: 'approve', ...byApprover, quorum: false }),
  at('the last one', now, { type: 'approve', ...byApprover, quorum: true }),
  at('of the speed-up', now, { type: 'approve', ...byApprover, intentHash: SPEED_UP_HASH, quorum: true }),
  at('of the speed-up, after its time', late, {
    type: 'approve',
    ...byApprover,
    intentHash: SPEED_UP_HASH,
    quorum: true,
  }),
  at('of another hash', now, { type: 'approve', ...byApprover, intentHash: '0xbad', quorum: true }),
  at('by the initiator', now, { type: 'approve', ...byApprover, standing: 'initiator', quorum: false }),
  at('by a stranger', now, { type: 'approve', ...byApprover, standing: 'stranger', quorum: false }),
  at('the same person again', now, { type: 'approve', ...byApprover, standing: 'decided', quorum: false }),
  at('after its time', late, { type: 'approve', ...byApprover, quorum: true }),
  at('by an approver', now, { type: 'reject', ...byApprover, isDecisive: true }),
  at('that leaves enough others', now, { type: 'reject', ...byApprover, isDecisive: false }),
  at('of the speed-up', now, { type: 'reject', ...byApprover, intentHash: SPEED_UP_HASH, isDecisive: true }),
  at('in time', now, { type: 'resolveQuorum', intentHash: HASH }),
  at('after its time', late, { type: 'resolveQuorum', intentHash: HASH }),
  at('of the speed-up', now, { type: 'resolveQuorum', intentHash: SPEED_UP_HASH }),
  at('of the speed-up, after its time', late, { type: 'resolveQuorum', intentHash: SPEED_UP_HASH }),
  at('of another hash', now, { type: 'resolveQuorum', intentHash: '0xbad' }),
  at('an approver was suspended', now, { type: 'loseQuorum', timeoutMs: 3_000 }),
  at('denied now', now, { type: 'deny', reason: 'policy_denied' }),
  at('screened out', now, { type: 'deny', reason: 'screening_denied' }),
  at('by a person', now, { type: 'cancel' }),
  at('before its time', now, { type: 'expire' }),
  at('approval time over', { nowMs: 4_500 }, { type: 'expire' }),
  at('validity over', late, { type: 'expire' }),
  at('the same nonce', now, { type: 'offerPayload', ...payload, nonce: 7 }),
  at('another nonce', now, { type: 'offerPayload', ...payload, nonce: 8 }),
  at('after its validity', late, { type: 'offerPayload', ...payload, nonce: 7 }),
  at('a replacement attempt', now, {
    type: 'offerPayload',
    ...payload,
    kind: 'cancel',
    attemptId: branded('cancel'),
    nonce: 7,
  }),
  at('another request took the nonce', now, { type: 'displace', attemptId: PAYMENT }),
  at('of the holder', now, { type: 'acceptSignature', ...signature }),
  at('nothing below is missing', now, { type: 'acceptSignature', ...signature, isDue: true }),
  at('other bytes', now, { type: 'acceptSignature', ...signature, txHash: '0x77' }),
  at('of a displaced holder', now, { type: 'acceptSignature', ...signature, txHash: '0x77', slotFence: 2 }),
  at('of an unknown lease', now, { type: 'acceptSignature', ...signature, leaseId: branded('other') }),
  at('after its validity', late, { type: 'acceptSignature', ...signature, txHash: '0x77' }),
  at('the nonce is not free', now, { type: 'delay', reason: 'waiting_for_nonce' }),
  at('a gap below', now, { type: 'delay', reason: 'queued_behind' }),
  at('within the ceiling', now, { type: 'speedUp', ...replacement, approvalTimeoutMs: null }),
  at('above the ceiling', now, { type: 'speedUp', ...replacement, approvalTimeoutMs: 3_000 }),
  at('asked for', now, { type: 'cancelOnChain', ...replacement, approvalTimeoutMs: null }),
  at('the newest bytes', now, { type: 'dispatch', attemptId: PAYMENT }),
  at('other bytes', now, { type: 'dispatch', attemptId: SPEED_UP }),
  at('after its validity', late, { type: 'dispatch', attemptId: PAYMENT }),
  at('by a node', now, { type: 'noteAccepted', attemptId: PAYMENT }),
  at('of an unknown attempt', now, { type: 'noteAccepted', attemptId: ADOPTED }),
  at('too cheap', now, { type: 'noteRefused', attemptId: PAYMENT, reason: 'underpriced' }),
  at('evicted', now, { type: 'noteRefused', attemptId: PAYMENT, reason: 'evicted' }),
  at('no progress', now, { type: 'noteStuck' }),
  at('in a block', now, { type: 'observe', depth: 'included', ...watched }),
  at('at depth K', now, { type: 'observe', depth: 'confirmed', ...watched }),
  at('final', now, { type: 'observe', depth: 'finalized', ...watched }),
  at('reverted at depth K', now, { type: 'observe', depth: 'confirmed', ...reverted }),
  at('in another block', now, { type: 'observe', depth: 'included', ...moved }),
  at('in no block', now, { type: 'observe', depth: 'none', version: 2, winner: null }),
  at('an older version', now, { type: 'observe', depth: 'finalized', ...watched, version: 0 }),
  at('in a block', now, { type: 'adopt', depth: 'included', ...adoption }),
  at('final', now, { type: 'adopt', depth: 'finalized', ...adoption }),
  at('our own bytes', now, { type: 'adopt', depth: 'included', ...adoption, tx: mined }),
  at('in a block', now, { type: 'spendOutside', depth: 'included', ...slot }),
  at('at depth K', now, { type: 'spendOutside', depth: 'confirmed', ...slot }),
  at('final', now, { type: 'spendOutside', depth: 'finalized', ...slot }),
  at('another nonce', now, { type: 'spendOutside', depth: 'finalized', ...slot, nonce: 6 }),
  at('undone', now, { type: 'unspend', ...slot }),
];

/** The names of the commands, in the order of the examples. */
export const COMMAND_TYPES: readonly CommandType[] = [
  ...new Set(EXAMPLES.map(({ command }) => command.type)),
];

function at(variant: string, facts: Facts, command: Command): Example {
  return { with: variant, command, facts };
}
