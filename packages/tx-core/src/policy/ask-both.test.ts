import { branded, type UserId } from '@ironforge/kernel';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Ask, askBoth } from './ask-both.ts';
import { quorumStatus, type ResolvedGroup } from './quorum.ts';

const group = (required: number, people: string, role: string | null = null): ResolvedGroup => ({
  name: people,
  required,
  role,
  approverIds: people.split(' ').map((name) => branded<UserId>(name)),
});
const ask = (alternatives: Ask['alternatives'], terms: Partial<Ask> = {}): Ask => ({
  alternatives,
  stepUp: null,
  timeoutMs: 1_000,
  rejection: 'counts',
  ...terms,
});

const one = group(1, 'ann');
const board = group(2, 'ben eva');
const [few, many] = [group(1, 'tom zoe'), group(2, 'zoe tom')];

test.each<[string, Ask['alternatives'], Ask['alternatives'], Ask['alternatives']]>([
  ['groups of both are asked', [[one]], [[board]], [[one, board]]],
  [
    'each alternative of the one with each of the other',
    [[one], [few]],
    [[board]],
    [
      [one, board],
      [few, board],
    ],
  ],
  [
    'what both ask of the same people is asked once, by the higher number',
    [[few, one]],
    [[board, many]],
    [[many, one, board]],
  ],
  ['a group stands for one other and no more', [[few]], [[many, few]], [[many, few]]],
  [
    'named people and holders of a role are not the same',
    [[one]],
    [[group(1, 'ann', 'approver')]],
    [[one, group(1, 'ann', 'approver')]],
  ],
  ['the same rule asks for nothing more than itself', [[one], [board]], [[one], [board]], [[one], [board]]],
])('%s', (_, ours, theirs, both) => {
  expect(askBoth(ask(ours), ask(theirs))).toEqual(ask(both));
});

test.each<[string, Partial<Ask>, Partial<Ask>, Partial<Ask>]>([
  ['the strictest proof', { stepUp: 'totp' }, { stepUp: 'signature' }, { stepUp: 'signature' }],
  ['a proof where one asks for any', { stepUp: 'totp' }, {}, { stepUp: 'totp' }],
  ['the shorter time', { timeoutMs: 5 }, { timeoutMs: 7 }, { timeoutMs: 5 }],
  ['the end by one rejection where either wants it', {}, { rejection: 'ends' }, { rejection: 'ends' }],
])('both are content with %s only', (_, ours, theirs, both) => {
  expect(askBoth(ask([[one]], ours), ask([[board]], theirs))).toEqual(ask([[one, board]], both));
  expect(askBoth(ask([[board]], theirs), ask([[one]], ours))).toEqual(ask([[board, one]], both));
});

const different = (count: number) => Array.from({ length: count }, (_, index) => group(1, `person ${index}`));
const others = (count: number) => different(count).map((each) => ({ ...each, role: 'approver' }));

test.each([
  [
    'more alternatives than a rule may have',
    different(4).map((each) => [each]),
    others(3).map((each) => [each]),
  ],
  ['more groups than an alternative may have', [different(6)], [others(5)]],
])('nothing is asked that needs %s', (_, ours, theirs) => {
  expect(askBoth(ask(ours), ask(theirs))).toBeNull();
});

test('as many as a rule may have are asked', () => {
  const alternatives = askBoth(
    ask(different(5).map((each) => [each])),
    ask(others(2).map((each) => [each])),
  )?.alternatives;
  expect(alternatives).toHaveLength(10);
  expect(askBoth(ask([different(5)]), ask([others(5)]))?.alternatives).toEqual([
    [...different(5), ...others(5)],
  ]);
});

test('whoever fills what both ask fills what each of them asks', () => {
  const people = ['ann', 'ben', 'eva', 'tom', 'zoe'].map((name) => branded<UserId>(name));
  const anyGroup = fc.record({
    name: fc.constant('g'),
    required: fc.integer({ min: 1, max: 2 }),
    role: fc.constantFrom(null, 'approver'),
    approverIds: fc.subarray(people, { minLength: 2 }),
  });
  const anyAlternative = fc.array(anyGroup, { minLength: 1, maxLength: 2 });
  const anyAlternatives = fc.array(anyAlternative, { minLength: 1, maxLength: 2 });
  fc.assert(
    fc.property(anyAlternatives, anyAlternatives, fc.subarray(people), (ours, theirs, given) => {
      const both = askBoth(ask(ours), ask(theirs))?.alternatives ?? [];
      const isContent = (alternatives: Ask['alternatives']) => quorumStatus(alternatives, given).isMet;
      expect(isContent(both) && !(isContent(ours) && isContent(theirs))).toBe(false);
    }),
    { numRuns: 1_000 },
  );
});
