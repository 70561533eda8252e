import type { PolicyRuleInput } from '@ironforge/contracts';
import { expect, it } from 'vitest';
import { ruleProblems } from './rule-problems.ts';
import { rulesOf } from './rules.ts';

type When = PolicyRuleInput['when'];
type Effect = PolicyRuleInput['effect'];

const COIN = 'eip155:1/slip44:60';
const TOKEN = 'eip155:1/erc20:0x5FbDB2315678afecb367f032d93F642f64180aa3';
const ANN = '0198aaaa-0000-7000-8000-000000000001';
const ALLOW: Effect = { type: 'allow' };

function problemsOf(when: When, effect: Effect) {
  return ruleProblems([{ name: 'rule', when, effect }]).map(({ pointer, code }) => `${pointer} ${code}`);
}

function approvals(effect: Omit<Extract<Effect, { type: 'require_approvals' }>, 'type'>): Effect {
  return { type: 'require_approvals', ...effect };
}

it.each<[string, When]>([
  ['no asset', { amount: { max: '5' } }],
  ['two assets', { amount: { min: '5' }, assetIds: [COIN, TOKEN] }],
  ['no asset for a window', { window: { hours: 24, max: '5' } }],
])('an amount or a window names exactly one asset, not %s', (_, when) => {
  expect(problemsOf(when, ALLOW)).toEqual(['/rules/0/when/assetIds one_asset_needed']);
});

it('an amount of one asset has its smaller bound first', () => {
  expect(problemsOf({ amount: { min: '5', max: '5' }, assetIds: [COIN] }, ALLOW)).toEqual([]);
  expect(problemsOf({ amount: { min: '6', max: '5' }, assetIds: [COIN] }, ALLOW)).toEqual([
    '/rules/0/when/amount empty_range',
  ]);
});

it.each<[string, When['fiatAmount'], string]>([
  ['without a bound', { currency: 'USD' }, 'bound_needed'],
  ['with its larger bound first', { currency: 'USD', min: '10.1', max: '10.09' }, 'empty_range'],
])('a fiat amount %s is refused', (_, fiatAmount, code) => {
  expect(problemsOf({ fiatAmount }, ALLOW)).toEqual([`/rules/0/when/fiatAmount ${code}`]);
});

it('a window in a currency needs no asset', () => {
  expect(problemsOf({ window: { hours: 24, max: '10.5', currency: 'USD' } }, ALLOW)).toEqual([]);
});

it('a fiat amount needs no asset, and a price of at most an hour unless said otherwise', () => {
  const when: When = { fiatAmount: { currency: 'USD', min: '10.5' } };
  expect(problemsOf(when, ALLOW)).toEqual([]);
  const [rule] = rulesOf([{ name: 'r', when, effect: ALLOW }]);
  const min = 10_500_000_000_000_000_000n;
  expect(rule?.when.fiatAmount).toEqual({ currency: 'USD', min, max: undefined, maxAgeMs: 3_600_000 });
});

it('a window belongs to a rule that spends, and to one name', () => {
  const when: When = { assetIds: [COIN], window: { hours: 24, max: '5' } };
  expect(problemsOf(when, ALLOW)).toEqual([]);
  expect(problemsOf(when, { type: 'deny' })).toEqual(['/rules/0/when/window window_of_deny']);
  const twice = ['a', 'b', 'a'].map((name) => ({ name, when, effect: ALLOW }));
  expect(ruleProblems(twice).map(({ pointer, code }) => `${pointer} ${code}`)).toEqual([
    '/rules/0/name name_taken',
    '/rules/2/name name_taken',
  ]);
});

it('a destination is an address of the chain, in any case but with a right checksum', () => {
  const address = '0x5FbDB2315678afecb367f032d93F642f64180aa3';
  expect(problemsOf({ destinations: [address, address.toLowerCase()] }, ALLOW)).toEqual([]);
  expect(problemsOf({ destinations: [address, address.replace('F', 'f')] }, ALLOW)).toEqual([
    '/rules/0/when/destinations/1 invalid_address',
  ]);
});

it('a method is a selector or a signature that can be read', () => {
  const methods = ['0xa9059cbb', 'transfer(address,uint256)', 'transfer(adress,uint256)'];
  expect(problemsOf({ methods }, ALLOW)).toEqual(['/rules/0/when/methods/2 invalid_method']);
  const [rule] = rulesOf([{ name: 'rule', when: { methods: methods.slice(0, 2) }, effect: ALLOW }]);
  expect(rule?.when.methods).toEqual(['0xa9059cbb', '0xa9059cbb']);
});

it('a part of the day is read in minutes, may run past midnight, and is not empty', () => {
  const timeOfDay = { weekdays: ['sat'] as const, from: '22:30', to: '06:00' };
  const when = { timeOfDay: { ...timeOfDay, weekdays: [...timeOfDay.weekdays] } };
  expect(problemsOf(when, ALLOW)).toEqual([]);
  const [rule, all] = rulesOf([
    { name: 'night', when, effect: ALLOW },
    { name: 'sundays', when: { timeOfDay: { weekdays: ['sun'] } }, effect: ALLOW },
  ]);
  expect(rule?.when.timeOfDay).toEqual({ weekdays: ['sat'], fromMinute: 1_350, toMinute: 360 });
  expect(all?.when.timeOfDay).toEqual({ weekdays: ['sun'], fromMinute: 0, toMinute: 1_440 });
  expect(problemsOf({ timeOfDay: { from: '07:00', to: '07:00' } }, ALLOW)).toEqual([
    '/rules/0/when/timeOfDay empty_range',
  ]);
});

it('an initiator is named by an id, of a user or of a key, or by a role', () => {
  const [rule] = rulesOf([{ name: 'rule', when: { initiators: [ANN, 'operator'] }, effect: ALLOW }]);
  expect(rule?.when.initiators).toEqual({ userIds: [ANN], apiKeyIds: [ANN], roles: ['operator'] });
});

it.each<[string, Effect, string]>([
  ['no groups', approvals({}), '/rules/0/effect groups_or_any_of'],
  [
    'groups and alternatives',
    approvals({ groups: [{ name: 'g', role: 'approver', required: 1 }], anyOf: [] }),
    '/rules/0/effect groups_or_any_of',
  ],
  [
    'a group of nobody',
    approvals({ groups: [{ name: 'g', required: 1 }] }),
    '/rules/0/effect/groups/0 approvers_or_role',
  ],
  [
    'one person named twice for two',
    approvals({ groups: [{ name: 'g', approvers: [ANN, ANN], required: 2 }] }),
    '/rules/0/effect/groups/0/required too_many',
  ],
  [
    'a role that may not approve',
    approvals({ anyOf: [[{ name: 'g', role: 'signer', required: 1 }]] }),
    '/rules/0/effect/anyOf/0/0/role role_cannot_approve',
  ],
])('a quorum that nobody could reach is refused: %s', (_, effect, problem) => {
  expect(problemsOf({}, effect)).toEqual([problem]);
});
