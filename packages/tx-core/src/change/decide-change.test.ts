import { describe, expect, test } from 'vitest';
import {
  CHANGE_STATUSES,
  type ChangeCommand,
  type ChangeStanding,
  type ChangeState,
  decideChange,
  evolveChange,
} from './decide-change.ts';

const HASH = '0x01';
const state = (status: ChangeState['status']): ChangeState => ({
  status,
  changeHash: HASH,
  expiresAtMs: 100,
});
const by = (standing: ChangeStanding = 'approver', changeHash = HASH) => ({ standing, changeHash });

const COMMANDS: Readonly<Record<string, readonly [ChangeCommand, from: string, to: string]>> = {
  'a first approval': [{ type: 'approve', ...by(), isComplete: false }, 'pending', 'pending'],
  'a last approval': [{ type: 'approve', ...by(), isComplete: true }, 'pending', 'approved'],
  'a rejection': [{ type: 'reject', ...by() }, 'pending', 'rejected'],
  'its author’s cancel': [{ type: 'cancel', isAuthor: true }, 'pending', 'cancelled'],
  'a quorum that is there after all': [{ type: 'resolveQuorum' }, 'pending', 'approved'],
  'a quorum that is lost': [{ type: 'loseQuorum' }, 'approved', 'pending'],
  'its application': [{ type: 'apply' }, 'approved', 'applied'],
  'a refused application': [{ type: 'refuse' }, 'approved', 'refused'],
};

describe.each(Object.entries(COMMANDS))('%s', (_name, [command, from, to]) => {
  test.each(CHANGE_STATUSES)('of a change that is %s', (status) => {
    const outcome = decideChange(command, state(status), 99);
    const after = 'accepted' in outcome ? outcome.accepted.reduce(evolveChange, status) : null;
    expect(after).toBe(status === from ? to : null);
  });
});

test.each([
  [{ type: 'approve', ...by('author'), isComplete: true }, 99, 'author_cannot_approve'],
  [{ type: 'approve', ...by('stranger'), isComplete: true }, 99, 'not_an_approver'],
  [{ type: 'approve', ...by('decided'), isComplete: true }, 99, 'already_decided'],
  [{ type: 'approve', ...by('approver', '0x02'), isComplete: true }, 99, 'change_mismatch'],
  [{ type: 'approve', ...by(), isComplete: true }, 100, 'too_late'],
  [{ type: 'reject', ...by('author') }, 99, 'author_cannot_approve'],
  [{ type: 'reject', ...by() }, 100, 'too_late'],
  [{ type: 'resolveQuorum' }, 100, 'too_late'],
  [{ type: 'cancel', isAuthor: false }, 99, 'not_the_author'],
  [{ type: 'expire' }, 99, 'not_due'],
] satisfies [ChangeCommand, number, string][])('%j at %i is refused: %s', (command, nowMs, rejected) => {
  expect(decideChange(command, state('pending'), nowMs)).toEqual({ rejected });
});

test('time ends what waits for people, and nothing that is approved', () => {
  expect(decideChange({ type: 'expire' }, state('pending'), 100)).toEqual({ accepted: ['expired'] });
  expect(decideChange({ type: 'expire' }, state('approved'), 100)).toEqual({
    rejected: 'illegal_transition',
  });
  expect(decideChange({ type: 'apply' }, state('approved'), 100)).toEqual({ accepted: ['applied'] });
});
