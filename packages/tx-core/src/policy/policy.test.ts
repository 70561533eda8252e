import { type AssetId, branded, type ChainId, type UserId } from '@ironforge/kernel';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { evaluatePolicy, windowsInPlay } from './evaluate.ts';
import { countingApprovers, quorumStatus, type ResolvedGroup } from './quorum.ts';
import type { Initiators, PolicyFacts, Rule } from './rule.ts';

const ETHER = branded<AssetId>('eip155:1/slip44:60');
const [ann, ben, eva, tom] = [user('ann'), user('ben'), user('eva'), user('tom')] as const;

const facts: PolicyFacts = {
  chainId: branded('eip155:1'),
  walletId: branded('w1'),
  walletTags: ['payroll', 'europe'],
  assetId: ETHER,
  amount: 100n,
  decimals: 18,
  prices: new Map(),
  to: '0xAbCd',
  destinationKinds: ['address_book'],
  hasData: false,
  method: null,
  submittedAtMs: Date.parse('2026-03-06T12:00:00.000Z'),
  initiator: { userId: ann, roles: ['operator'], apiKeyId: null },
  spent: new Map(),
};

const allow = { type: 'allow' } as const;
const deny = { type: 'deny' } as const;

describe('rules', () => {
  test('the first rule that matches decides, and the earlier ones say why they did not', () => {
    const rules: Rule[] = [
      { name: 'small', when: { assetIds: [ETHER], amount: { max: 99n } }, effect: allow },
      {
        name: 'others',
        when: { walletIds: [branded('w2')], initiators: { roles: ['admin'] } },
        effect: allow,
      },
      { name: 'rest', when: {}, effect: deny },
      { name: 'never reached', when: {}, effect: allow },
    ];
    expect(evaluatePolicy(rules, facts)).toEqual({
      effect: deny,
      rule: 'rest',
      skipped: [
        { rule: 'small', because: ['amount'] },
        { rule: 'others', because: ['wallet', 'initiator'] },
      ],
    });
  });

  test('no rule matching denies', () => {
    const decision = evaluatePolicy(
      [{ name: 'other chain', when: { chainIds: [branded('eip155:5')] }, effect: allow }],
      facts,
    );
    expect(decision).toEqual({
      effect: deny,
      rule: null,
      skipped: [{ rule: 'other chain', because: ['chain'] }],
    });
  });

  test('bounds of an amount are included', () => {
    const rule: Rule = {
      name: 'exact',
      when: { assetIds: [ETHER], amount: { min: 100n, max: 100n } },
      effect: allow,
    };
    expect(evaluatePolicy([rule], facts).rule).toBe('exact');
    expect(evaluatePolicy([rule], { ...facts, amount: 101n }).rule).toBeNull();
    expect(evaluatePolicy([rule], { ...facts, amount: 99n }).rule).toBeNull();
  });

  test('a request with data matches only rules that deny', () => {
    const rules: Rule[] = [
      { name: 'allow all', when: {}, effect: allow },
      { name: 'deny this one', when: { destinations: ['0xabcd'] }, effect: deny },
    ];
    expect(evaluatePolicy(rules, { ...facts, hasData: true })).toMatchObject({
      rule: 'deny this one',
      skipped: [{ rule: 'allow all', because: ['data'] }],
    });
    expect(evaluatePolicy(rules, facts).rule).toBe('allow all');
  });

  test('a request with data matches a rule that names its method, and one without data matches none of those', () => {
    const method = '0xa9059cbb';
    const call = { ...facts, hasData: true, method };
    const rules: Rule[] = [
      { name: 'approve', when: { methods: ['0x095ea7b3'] }, effect: allow },
      { name: 'transfer', when: { methods: ['0x23b872dd', method] }, effect: allow },
    ];
    expect(evaluatePolicy(rules, call)).toMatchObject({
      rule: 'transfer',
      skipped: [{ rule: 'approve', because: ['method'] }],
    });
    expect(evaluatePolicy(rules, { ...call, method: null }).rule).toBeNull();
    expect(evaluatePolicy(rules, facts).skipped.map(({ because }) => because)).toEqual([
      ['method'],
      ['method'],
    ]);
  });

  test('a rule that denies a method denies no other', () => {
    const rules: Rule[] = [{ name: 'never', when: { methods: ['0x095ea7b3'] }, effect: deny }];
    expect(evaluatePolicy(rules, { ...facts, hasData: true, method: '0x095ea7b3' }).rule).toBe('never');
    expect(evaluatePolicy(rules, { ...facts, hasData: true, method: '0xa9059cbb' }).rule).toBeNull();
  });

  test('one of the tags is enough', () => {
    const tagged = (...walletTags: string[]): Rule => ({ name: 'tag', when: { walletTags }, effect: allow });
    expect(evaluatePolicy([tagged('asia', 'europe')], facts).rule).toBe('tag');
    expect(evaluatePolicy([tagged('asia')], facts).skipped).toEqual([{ rule: 'tag', because: ['tag'] }]);
  });

  test('a time of day is that of the submission', () => {
    const timeOfDay = { weekdays: ['fri'] as const, fromMinute: 720, toMinute: 721 };
    const rules: Rule[] = [{ name: 'noon', when: { timeOfDay }, effect: allow }];
    expect(evaluatePolicy(rules, facts).rule).toBe('noon');
    expect(evaluatePolicy(rules, { ...facts, submittedAtMs: facts.submittedAtMs + 60_000 }).skipped).toEqual([
      { rule: 'noon', because: ['time'] },
    ]);
  });

  test('a window lets through what fits into the rest, and the others fall to the next rule', () => {
    const rules: Rule[] = [
      { name: 'daily', when: { assetIds: [ETHER], window: { hours: 24, max: 250n } }, effect: allow },
      { name: 'rest', when: {}, effect: deny },
    ];
    const spent = (units: bigint) => ({ ...facts, spent: new Map([['daily', units]]) });
    expect(evaluatePolicy(rules, spent(150n)).rule).toBe('daily');
    expect(evaluatePolicy(rules, spent(151n))).toMatchObject({
      rule: 'rest',
      skipped: [{ rule: 'daily', because: ['window'] }],
    });
    expect(evaluatePolicy(rules, facts).rule, 'an unknown figure lets nothing through').toBe('rest');
  });

  test('only windows that can decide are looked at', () => {
    const window = { hours: 24, max: 250n };
    const rules: Rule[] = [
      { name: 'other chain', when: { chainIds: [branded('eip155:5')], window }, effect: allow },
      { name: 'hourly', when: { window: { hours: 1, max: 10n } }, effect: allow },
      { name: 'no window', when: { destinations: ['0xother'] }, effect: allow },
      { name: 'daily', when: { window }, effect: allow },
      { name: 'rest', when: {}, effect: deny },
      { name: 'never reached', when: { window }, effect: allow },
    ];
    expect(windowsInPlay(rules, facts).map(({ rule }) => rule)).toEqual(['hourly', 'daily']);
    expect(evaluatePolicy(rules, facts).skipped[0]).toEqual({ rule: 'other chain', because: ['chain'] });
  });

  test('an asset of an EVM chain is named in any case: EIP-55 only spells its address', () => {
    const token = branded<AssetId>('eip155:1/erc20:0xAbCdEf0000000000000000000000000000000001');
    const rules: Rule[] = [
      { name: 'never this token', when: { assetIds: [branded(token.toLowerCase())] }, effect: deny },
      { name: 'anything else', when: {}, effect: allow },
    ];
    expect(evaluatePolicy(rules, { ...facts, assetId: token }).rule).toBe('never this token');
    expect(evaluatePolicy(rules, facts).rule).toBe('anything else');
  });

  test('elsewhere names are exact: two addresses that differ in case are two', () => {
    const to = 'EQAbcdefghijklmnopqrstuvwxyz0123456789abcdefghijkl';
    const rules: Rule[] = [{ name: 'to a friend', when: { destinations: [to] }, effect: allow }];
    const elsewhere = { ...facts, chainId: branded<ChainId>('tvm:-239') };
    expect(evaluatePolicy(rules, { ...elsewhere, to }).rule).toBe('to a friend');
    expect(evaluatePolicy(rules, { ...elsewhere, to: to.toLowerCase() }).rule).toBeNull();
  });

  test.each([
    ['a user', { userIds: [ann] }, true],
    ['a role', { roles: ['operator'] }, true],
    ['any of several', { userIds: [ben], roles: ['operator'] }, true],
    ['another role', { roles: ['admin'] }, false],
    ['an API key that was not used', { apiKeyIds: [branded('k1')] }, false],
  ] satisfies [string, Initiators, boolean][])('an initiator is named by %s', (_, initiators, matches) => {
    const decision = evaluatePolicy([{ name: 'rule', when: { initiators }, effect: allow }], facts);
    expect(decision.rule === 'rule').toBe(matches);
  });
});

describe('quorum', () => {
  const group = (name: string, required: number, ...approverIds: UserId[]): ResolvedGroup => ({
    name,
    required,
    approverIds,
    role: null,
  });

  test('two of three', () => {
    const treasury = [[group('treasury', 2, ann, ben, eva)]];
    expect(quorumStatus(treasury, [ann])).toEqual({
      isMet: false,
      groups: [{ group: 'treasury', required: 2, given: 1 }],
    });
    expect(quorumStatus(treasury, [ann, eva]).isMet).toBe(true);
  });

  test('one person counts once, also when in two groups', () => {
    const both = [[group('treasury', 1, ann), group('compliance', 1, ann, ben)]];
    expect(quorumStatus(both, [ann, ann]).isMet).toBe(false);
    expect(quorumStatus(both, [ann, ben]).isMet).toBe(true);
  });

  test('people are assigned so that every group gets full, not first come first booked', () => {
    const groups = [[group('a', 1, ann, ben), group('b', 1, ann)]];
    expect(quorumStatus(groups, [ann, ben]).isMet).toBe(true);
    expect(quorumStatus(groups, [ben, ann]).isMet).toBe(true);
  });

  test('alternatives: one full one is enough, and the nearest is told', () => {
    const either = [[group('board', 2, ann, ben)], [group('owner', 1, tom)]];
    expect(quorumStatus(either, [tom]).isMet).toBe(true);
    expect(quorumStatus(either, []).groups).toEqual([{ group: 'owner', required: 1, given: 0 }]);
  });

  test('no groups are no quorum', () => {
    expect(quorumStatus([], [ann]).isMet).toBe(false);
    expect(quorumStatus([[]], [ann]).isMet).toBe(false);
    expect(quorumStatus([[group('nobody', 0, ann)]], [ann]).isMet).toBe(false);
  });

  test('the initiator, the suspended and the double do not count', () => {
    expect(countingApprovers([ann, ben, ben, eva, tom], [ann], new Set([ann, ben, tom]))).toEqual([ben, tom]);
  });

  test('a quorum holds exactly when brute force finds an assignment', () => {
    const people = [ann, ben, eva, tom];
    const anyGroup = fc.record({
      required: fc.integer({ min: 1, max: 2 }),
      approverIds: fc.subarray(people),
    });
    fc.assert(
      fc.property(fc.array(anyGroup, { minLength: 1, maxLength: 3 }), fc.subarray(people), (drawn, given) => {
        const groups = drawn.map((one, index) => ({ name: `${index}`, role: null, ...one }));
        expect(quorumStatus([groups], given).isMet).toBe(canSeat(groups.flatMap(seatsOf), given));
      }),
      { numRuns: 2_000 },
    );
  });
});

function seatsOf({ required, approverIds }: ResolvedGroup): (readonly UserId[])[] {
  return Array.from({ length: required }, () => approverIds);
}

function canSeat(seats: (readonly UserId[])[], people: readonly UserId[]): boolean {
  const [seat, ...others] = seats;
  if (seat === undefined) return true;
  return people.some(
    (one) =>
      seat.includes(one) &&
      canSeat(
        others,
        people.filter((other) => other !== one),
      ),
  );
}

function user(name: string): UserId {
  return branded<UserId>(name);
}
