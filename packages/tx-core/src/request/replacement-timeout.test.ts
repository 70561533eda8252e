import { branded, type UserId } from '@ironforge/kernel';
import { expect, test } from 'vitest';
import { situation, when } from './arrows.fixture.ts';
import { fold } from './evolve.ts';
import { LATE_MS, SPEED_UP, SPEED_UP_HASH } from './situations.ts';

const DEADLINE_MS = 4_000;
const approval = {
  type: 'approve',
  userId: branded<UserId>('a'),
  intentHash: SPEED_UP_HASH,
  standing: 'approver',
  quorum: true,
} as const;
const ask = { type: 'speedUp', attemptId: SPEED_UP, intentHash: SPEED_UP_HASH } as const;

const stateOf = (given: Parameters<typeof fold>[0]) => fold(given).attempts.at(-1)?.state;

test('a replacement that nobody decided on in time is refused, and its request goes on as before', () => {
  const open = situation('broadcasted, speed-up undecided');
  when(open, { type: 'expire' }, 'refused: not_due', DEADLINE_MS - 1);
  const refused = when(open, { type: 'expire' }, '→ broadcasted (attempt_rejected)', DEADLINE_MS);
  expect(refused.at(-1)).toEqual({
    type: 'attempt_rejected',
    attemptId: SPEED_UP,
    reason: 'approval_timeout',
  });
  expect(stateOf(refused)).toBe('replaced');
  when(refused, { type: 'expire' }, 'refused: illegal_transition', LATE_MS);
});

test('nobody can approve it once its time is over, whoever looks first', () => {
  const open = situation('broadcasted, speed-up undecided');
  when(open, approval, 'refused: too_late', DEADLINE_MS);
  when(open, { type: 'resolveQuorum', intentHash: SPEED_UP_HASH }, 'refused: too_late', DEADLINE_MS);
  when(open, approval, '→ broadcasted (approval_granted, attempt_approved)', DEADLINE_MS - 1);
});

test('its time runs from when it was asked for, and another one may be asked for after it', () => {
  const open = when(
    situation('broadcasted'),
    { ...ask, approvalTimeoutMs: 500 },
    '→ broadcasted (attempt_added)',
    6_000,
  );
  when(open, { type: 'expire' }, 'refused: not_due', 6_499);
  const refused = when(open, { type: 'expire' }, '→ broadcasted (attempt_rejected)', 6_500);
  when(refused, { ...ask, approvalTimeoutMs: 500 }, '→ broadcasted (attempt_added)', 7_000);
});

test('one that people approved, or that needed nobody, has no such time', () => {
  const approved = when(
    situation('broadcasted, speed-up undecided'),
    approval,
    '→ broadcasted (approval_granted, attempt_approved)',
  );
  when(approved, { type: 'expire' }, 'refused: illegal_transition', LATE_MS);
  const free = when(
    situation('broadcasted'),
    { ...ask, approvalTimeoutMs: null },
    '→ broadcasted (attempt_added)',
  );
  when(free, { type: 'expire' }, 'refused: illegal_transition', LATE_MS);
});

test('over bytes that were never sent both times end together', () => {
  const open = when(
    situation('signed'),
    { ...ask, approvalTimeoutMs: 500 },
    '→ signed (attempt_added)',
    DEADLINE_MS,
  );
  when(open, { type: 'expire' }, '→ signed · validity_passed (attempt_rejected, validity_passed)', LATE_MS);
});
