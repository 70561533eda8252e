import { branded, type LeaseId, type UserId } from '@ironforge/kernel';
import { expect, test } from 'vitest';
import { situation, when } from './arrows.fixture.ts';
import type { Event, Seen } from './event.ts';
import { fold } from './evolve.ts';
import { ADOPTED, CANCEL, HASH, LATE_MS, LEASE, mined, PAYMENT, SPEED_UP } from './situations.ts';
import { hasSignature } from './state.ts';

test('a request begins as a draft', () => {
  when([], { type: 'create', intentHash: HASH, validUntilMs: 5_000 }, '→ draft (created)');
});

test('two of three: one approval is not enough, the second approves', () => {
  const approval = { intentHash: HASH, standing: 'approver' } as const;
  const one = when(
    situation('pending_approval'),
    { type: 'approve', userId: user('a'), ...approval, quorum: false },
    '→ pending_approval (approval_granted)',
  );
  when(
    one,
    { type: 'approve', userId: user('b'), ...approval, quorum: true },
    '→ approved · waiting_for_signer (approval_granted, approved)',
  );
});

test('reverted at depth K fails, and never before', () => {
  const winner = { attemptId: PAYMENT, ...mined, success: false };
  const included = when(
    situation('broadcasted'),
    { type: 'observe', version: 5, depth: 'included', winner },
    '→ broadcasted (included)',
  );
  when(included, { type: 'observe', version: 6, depth: 'confirmed', winner }, '→ failed · reverted (failed)');
});

test('a reorg takes a confirmed request back, and it confirms again in another block', () => {
  const gone = when(
    situation('confirmed'),
    { type: 'observe', version: 5, depth: 'none', winner: null },
    '→ broadcasted · reorged (reorged)',
  );
  const winner = { attemptId: PAYMENT, ...mined, blockHash: '0xnew' };
  when(
    gone,
    { type: 'observe', version: 6, depth: 'finalized', winner },
    '→ confirmed (included, confirmed, finalized)',
  );
});

test('inclusion may overtake acceptance', () => {
  const winner = { attemptId: PAYMENT, ...mined };
  const included = when(
    situation('signed, dispatched'),
    { type: 'observe', version: 1, depth: 'included', winner },
    '→ broadcasted (included)',
  );
  when(included, { type: 'noteAccepted', attemptId: PAYMENT }, 'refused: illegal_transition');
});

test('mined after a cancel is adopted', () => {
  const command = adopted('0x99', 4, 'included');
  const next = when(
    situation('cancelled after an offer'),
    command,
    '→ broadcasted · mined_after_cancel (adopted, included)',
  );
  when(next, { ...command, version: 5, depth: 'confirmed' }, '→ confirmed · mined_after_cancel (confirmed)');
});

test('of two signatures for one nonce the mined one decides, whoever sent it', () => {
  const twin = when(
    situation('broadcasted'),
    adopted('0x99', 4, 'confirmed'),
    '→ confirmed (adopted, included, confirmed)',
  );
  const undone = when(twin, { type: 'unspend', nonce: 7, version: 5 }, '→ broadcasted · reorged (reorged)');
  const winner = { attemptId: PAYMENT, ...mined };
  when(
    undone,
    { type: 'observe', version: 9, depth: 'confirmed', winner },
    '→ confirmed (included, confirmed)',
  );
});

test('a signature that only the chain showed keeps no nonce after a reorg: there are no bytes to send again', () => {
  const shown = when(
    situation('approved, payload offered'),
    adopted('0x99', 4, 'included'),
    '→ broadcasted (adopted, included)',
  );
  const undone = when(shown, { type: 'unspend', nonce: 7, version: 5 }, '→ broadcasted · reorged (reorged)');
  expect(hasSignature(fold(undone))).toBe(false);
  expect(hasSignature(fold(situation('signed')))).toBe(true);
  when(
    undone,
    { type: 'spendOutside', nonce: 7, version: 6, depth: 'confirmed' },
    '→ failed · replaced_outside (failed)',
  );
});

test('a stale claim of one observer falls with its own next word', () => {
  const winner = { attemptId: PAYMENT, ...mined };
  const twin = when(
    situation('broadcasted'),
    adopted('0x99', 4, 'confirmed'),
    '→ confirmed (adopted, included, confirmed)',
  );
  const stale = when(
    twin,
    { type: 'observe', version: 2, depth: 'included', winner },
    '→ confirmed (observed)',
  );
  const moved = when(stale, { type: 'unspend', nonce: 7, version: 5 }, '→ broadcasted (reorged, included)');
  when(
    moved,
    { type: 'observe', version: 3, depth: 'none', winner: null },
    '→ broadcasted · reorged (reorged)',
  );
});

test('signed bytes whose nonce a stranger spent end at depth, and come back by a reorg', () => {
  const shallow = when(
    situation('signed, dispatched'),
    { type: 'spendOutside', nonce: 7, version: 3, depth: 'included' },
    '→ signed (observed)',
  );
  const failed = when(
    shallow,
    { type: 'spendOutside', nonce: 7, version: 4, depth: 'confirmed' },
    '→ failed · replaced_outside (failed)',
  );
  when(failed, { type: 'unspend', nonce: 7, version: 5 }, '→ broadcasted · reorged (reorged)');
});

test('a holder that never signed takes a new nonce only when its old one is finally spent', () => {
  const displaced = situation('approved, displaced');
  const offer = {
    type: 'offerPayload',
    attemptId: ADOPTED,
    kind: 'original',
    leaseId: lease('2'),
    nonce: 8,
    fence: 3,
  } as const;
  const deep = when(
    displaced,
    { type: 'spendOutside', nonce: 7, version: 3, depth: 'confirmed' },
    '→ approved · waiting_for_nonce (observed)',
  );
  when(deep, offer, 'refused: waiting_for_nonce');
  const final = when(
    deep,
    { type: 'spendOutside', nonce: 7, version: 4, depth: 'finalized' },
    '→ approved · waiting_for_signer (nonce_released)',
  );
  when(final, offer, '→ approved · waiting_for_signer (payload_offered)');
  when(
    final,
    { type: 'acceptSignature', leaseId: LEASE, txHash: '0x1', slotFence: 1, isDue: true },
    'refused: lease_lost',
  );
});

test('late news of a nonce that a request gave up do not touch what it signed for the next one', () => {
  const given: readonly Event[] = [
    ...situation('approved, displaced'),
    releasedBy({ observer: 'slot', sighting: { version: 3, depth: 'finalized', winner: { by: 'outside' } } }),
    {
      type: 'payload_offered',
      attemptId: ADOPTED,
      kind: 'original',
      leaseId: lease('2'),
      nonce: 8,
      fence: 3,
    },
    { type: 'signed', attemptId: ADOPTED, txHash: '0x53', dispatched: false },
  ];
  const ofOldNonce = { nonce: 7, version: 9 } as const;
  when(given, { type: 'spendOutside', depth: 'finalized', ...ofOldNonce }, 'refused: illegal_transition');
  when(given, adopted('0x99', 9, 'confirmed'), 'refused: illegal_transition');
  when(given, { type: 'unspend', ...ofOldNonce }, 'no change');
});

test('signed bytes that were never sent are held back after their validity, a cancel attempt is not', () => {
  const held = when(
    situation('signed'),
    { type: 'expire' },
    '→ signed · validity_passed (validity_passed)',
    LATE_MS,
  );
  when(held, { type: 'dispatch', attemptId: PAYMENT }, 'refused: too_late', LATE_MS);
  const open = when(
    held,
    { type: 'cancelOnChain', attemptId: CANCEL, intentHash: '0xc', approvalTimeoutMs: null },
    '→ signed · validity_passed (attempt_added)',
    LATE_MS,
  );
  const leased = when(
    open,
    { type: 'offerPayload', attemptId: CANCEL, kind: 'cancel', leaseId: lease('2'), nonce: 7, fence: 2 },
    '→ signed · validity_passed (payload_offered)',
    LATE_MS,
  );
  const signed = when(
    leased,
    { type: 'acceptSignature', leaseId: lease('2'), txHash: '0x52', slotFence: 2, isDue: false },
    '→ signed · validity_passed (signed)',
    LATE_MS,
  );
  const sent = when(signed, { type: 'dispatch', attemptId: CANCEL }, '→ signed (dispatched)', LATE_MS);
  when(sent, { type: 'dispatch', attemptId: PAYMENT }, 'refused: illegal_transition', LATE_MS);
});

test('a mined cancel attempt cancels', () => {
  const winner = { attemptId: CANCEL, ...mined, txHash: '0x52' };
  when(
    situation('broadcasted, cancel attempt open'),
    { type: 'observe', version: 4, depth: 'confirmed', winner },
    '→ cancelled · cancelled_on_chain (included, cancelled)',
  );
});

test('evicted bytes are sent again, and broadcasted again', () => {
  const evicted = situation('broadcasted, evicted');
  when(evicted, { type: 'dispatch', attemptId: PAYMENT }, 'no change');
  when(evicted, { type: 'noteAccepted', attemptId: PAYMENT }, '→ broadcasted (broadcasted)');
});

test('an undecided speed-up is decided by its own hash while the payment is under way', () => {
  const approval = { userId: user('a'), intentHash: '0xa12', standing: 'approver', quorum: true } as const;
  const open = when(
    situation('broadcasted, speed-up undecided'),
    { type: 'approve', ...approval },
    '→ broadcasted (approval_granted, attempt_approved)',
  );
  when(
    open,
    {
      type: 'offerPayload',
      attemptId: SPEED_UP,
      kind: 'speed_up',
      leaseId: lease('2'),
      nonce: 7,
      fence: 2,
    },
    '→ broadcasted (payload_offered)',
  );
});

function releasedBy(seen: Seen): Event {
  return { type: 'nonce_released', seen };
}

function adopted(txHash: string, version: number, depth: 'included' | 'confirmed') {
  const tx = { ...mined, txHash };
  return { type: 'adopt', nonce: 7, attemptId: PAYMENT, newAttemptId: ADOPTED, tx, version, depth } as const;
}

function user(name: string): UserId {
  return branded<UserId>(name);
}

function lease(name: string): LeaseId {
  return branded<LeaseId>(name);
}
