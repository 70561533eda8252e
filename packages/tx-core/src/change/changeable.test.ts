import type { StepUp } from '@ironforge/contracts';
import { branded, type UserId } from '@ironforge/kernel';
import { expect, it } from 'vitest';
import type { Group, Rule } from '../policy/rule.ts';
import { isChangeable } from './changeable.ts';

const ada = branded<UserId>('ada');
const bob = branded<UserId>('bob');
const ann = branded<UserId>('ann');
const ben = branded<UserId>('ben');
const eva = branded<UserId>('eva');

function rule(groups: readonly Group[], stepUp?: StepUp): Rule {
  const effect = {
    type: 'require_approvals',
    alternatives: [groups],
    timeoutHours: 1,
    rejection: 'ends',
  } as const;
  return { name: 'r', when: {}, effect: stepUp === undefined ? effect : { ...effect, stepUp } };
}

const named = (required: number, ...approvers: UserId[]): Group => ({ name: 'named', required, approvers });
const holding = (role: string, required: number): Group => ({ name: role, required, role });

/** Ada administers, ann and ben approve; eva was suspended; only ann can sign. */
function isChangeableBy(authorIds: readonly UserId[], rules: readonly Rule[]): boolean {
  const holders = new Map([
    ['admin', authorIds],
    ['approver', [ann, ben]],
  ]);
  return isChangeable(rules, {
    authorIds,
    holdersOf: (role) => holders.get(role) ?? [],
    canApprove: (id, stepUp) => id !== eva && (stepUp !== 'signature' || id === ann),
  });
}

it.each<[string, readonly Rule[], boolean]>([
  ['without groups a sole admin needs nobody', [], true],
  ['a role has enough holders', [rule([holding('approver', 2)])], true],
  ['a role has too few', [rule([holding('approver', 3)])], false],
  ['a role has none', [rule([holding('compliance', 1)])], false],
  ['the only author is needed himself', [rule([named(2, ada, ann)])], false],
  ['the only author is one of enough', [rule([named(2, ada, ann, ben)])], true],
  ['one who is named is suspended', [rule([named(2, ann, eva)])], false],
  [
    'two groups of any rules want the same person',
    [rule([named(1, ann)]), rule([named(2, ann, ben)])],
    false,
  ],
  ['two groups have people enough', [rule([named(1, ann)]), rule([named(1, ann, ben)])], true],
  ['people cannot sign as they must', [rule([named(2, ann, ben)], 'signature')], false],
  ['who must sign can', [rule([named(1, ann, ben)], 'signature')], true],
])('%s', (_what, rules, isPossible) => {
  expect(isChangeableBy([ada], rules)).toBe(isPossible);
});

it('one author is enough for whom there are people', () => {
  expect(isChangeableBy([ada, bob], [rule([named(2, ada, ann)])])).toBe(true);
  expect(isChangeableBy([ada, bob], [rule([named(3, ada, ann, bob)])])).toBe(false);
});
