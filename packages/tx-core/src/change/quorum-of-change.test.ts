import { STEP_UPS, type StepUp } from '@ironforge/contracts';
import { branded, type UserId } from '@ironforge/kernel';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { presentGroups, quorumStatus } from '../policy/quorum.ts';
import type { Group, Rule } from '../policy/rule.ts';
import { changeHash, canonicalChange } from './change-hash.ts';
import { isDecider, userNeedsQuorum, walletNeedsQuorum, watchedBy } from './needs-quorum.ts';
import { quorumOfChange, stepUpOfChange } from './quorum-of-change.ts';

const [ann, ben, eva, tom, author] = ['ann', 'ben', 'eva', 'tom', 'author'].map((name) =>
  branded<UserId>(name),
) as [UserId, UserId, UserId, UserId, UserId];

const rule = (name: string, ...alternatives: Group[][]): Rule => ({
  name,
  when: {},
  effect: { type: 'require_approvals', alternatives, timeoutHours: 24, rejection: 'ends' },
});
const group = (name: string, required: number, ...approvers: UserId[]): Group => ({
  name,
  required,
  approvers,
});
const holders: Record<string, UserId[]> = { admin: [author, tom], approver: [ann, ben, eva] };
const electorate = { holdersOf: (role: string) => holders[role] ?? [], excluded: [author] };

describe('the quorum of a change', () => {
  test('is every group that the rules name, alternatives too, without the author', () => {
    const rules = [
      rule('small', [group('treasury', 1, ann, author)], [group('board', 1, tom)]),
      { name: 'rest', when: {}, effect: { type: 'deny' as const } },
      rule('large', [{ name: 'all', role: 'approver', required: 2 }]),
    ];
    expect(quorumOfChange(rules, electorate)).toEqual([
      { name: 'treasury', required: 1, role: null, approverIds: [ann], stepUp: null },
      { name: 'board', required: 1, role: null, approverIds: [tom], stepUp: null },
      { name: 'all', required: 2, role: 'approver', approverIds: [ann, ben, eva], stepUp: null },
    ]);
  });

  test('asks the same people once, for the highest number, and by their role where one rule says so', () => {
    const rules = [
      rule('small', [group('one', 1, eva, ben, ann)]),
      rule('large', [{ name: 'two', role: 'approver', required: 2 }]),
    ];
    expect(quorumOfChange(rules, electorate)).toEqual([
      { name: 'two', required: 2, role: 'approver', approverIds: [ann, ben, eva], stepUp: null },
    ]);
  });

  test('is another admin where no group is named, and nobody where there is none', () => {
    expect(quorumOfChange([], electorate)).toMatchObject([
      { required: 1, role: 'admin', approverIds: [tom] },
    ]);
    expect(quorumOfChange([], { ...electorate, excluded: [author, tom] })).toEqual([]);
  });

  test('is never nobody where a group is named, whoever is left in it', () => {
    const groups = quorumOfChange([rule('r', [group('me', 1, author)])], electorate);
    expect(groups).toMatchObject([{ required: 1, approverIds: [] }]);
    expect(quorumStatus([groups], [author]).isMet).toBe(false);
  });

  test('asks each person for the strictest proof that any rule asks of his groups, whichever rule names them', () => {
    const proofs = fc.array(fc.constantFrom<StepUp | undefined>(undefined, ...STEP_UPS), {
      minLength: 1,
      maxLength: 4,
    });
    fc.assert(
      fc.property(proofs, fc.array(fc.subarray([ann, ben, eva], { minLength: 1 })), (asked, members) => {
        const rules = members.map((people, index): Rule => {
          const effect = {
            type: 'require_approvals',
            alternatives: [[group('g', 1, ...people)]],
            timeoutHours: 1,
            rejection: 'ends',
          } as const;
          return { name: `${index}`, when: {}, effect: { ...effect, stepUp: asked[index % asked.length] } };
        });
        const groups = quorumOfChange(rules, electorate);
        for (const person of [ann, ben, eva]) {
          const own = rules.flatMap((_, index) =>
            members[index]?.includes(person)
              ? [STEP_UPS.findIndex((s) => s === asked[index % asked.length])]
              : [],
          );
          const strictest = STEP_UPS[Math.max(-1, ...own)] ?? null;
          expect(stepUpOfChange(groups, person)).toBe(members.length === 0 ? null : strictest);
        }
      }),
    );
  });

  test('is never met with the author, nor with who lost his right or his role', () => {
    const people = [ann, ben, eva, tom, author];
    const anyGroup = fc.record({ required: fc.integer({ min: 1, max: 2 }), approvers: fc.subarray(people) });
    fc.assert(
      fc.property(
        fc.array(anyGroup, { minLength: 1, maxLength: 3 }),
        fc.subarray(people),
        (drawn, active) => {
          const rules = drawn.map((one, index) => rule(`${index}`, [{ name: `${index}`, ...one }]));
          const groups = quorumOfChange(rules, electorate);
          const approverIds = new Set(active);
          const present = presentGroups(groups, { approverIds, rolesOf: new Map() });
          const counting = present.flatMap((each) => each.approverIds);
          expect(counting).not.toContain(author);
          for (const id of counting) expect(active).toContain(id);
          const named = quorumStatus([present], people);
          expect(named.isMet && !quorumStatus([present], active).isMet).toBe(false);
        },
      ),
    );
    const admins = quorumOfChange([], electorate);
    const without = presentGroups(admins, {
      approverIds: new Set([tom]),
      rolesOf: new Map([[tom, ['operator']]]),
    });
    expect(quorumStatus([without], [tom]).isMet).toBe(false);
  });
});

describe('what needs a quorum', () => {
  const rules: Rule[] = [
    { name: 'payroll', when: { walletTags: ['payroll'] }, effect: { type: 'allow' } },
    { name: 'interns', when: { initiators: { roles: ['user'] } }, effect: { type: 'deny' } },
    rule('rest', [group('treasury', 1, ann), { name: 'c', role: 'compliance', required: 1 }]),
  ];
  const watched = watchedBy(rules);
  const active = (...roles: string[]) => ({ roles, isActive: true });
  const away = (...roles: string[]) => ({ roles, isActive: false });
  const approving = ['admin', 'operator', 'approver', 'compliance'];

  test.each([
    ['a role that approves', tom, active('signer'), active('signer', 'compliance'), true],
    ['the role of admins, who decide where no group does', tom, active('signer'), active('admin'), true],
    ['a role that approves nothing', tom, active('operator'), active('operator', 'signer'), false],
    ['a role that approves, taken', tom, active('compliance'), active('signer'), false],
    ['any approving role for one who is named', ann, active('signer'), active('operator'), true],
    ['another approving role for one who is named', ann, active('approver'), active('operator'), false],
    ['suspension', ann, active('admin'), away('admin'), false],
    ['a role that approves, given to one who stays suspended', tom, away('signer'), away('compliance'), true],
    ['a role that approves, given with a suspension', tom, active('signer'), away('compliance'), true],
    ['one taken with a suspension', tom, active('compliance'), away('signer'), false],
    [
      'a role that approves nothing, for one who stays suspended',
      tom,
      away('signer'),
      away('operator'),
      false,
    ],
    ['the return of one who approves', tom, away('compliance'), active('compliance'), true],
    ['the return of one who is named', ann, away('approver'), active('approver'), true],
    ['the return of another', tom, away('signer'), active('signer'), false],
    ['a role that a rule names for initiators', tom, active('signer'), active('user'), true],
    ['that role taken, which may lift a denial', tom, active('user', 'signer'), active('signer'), true],
    ['that role taken with a suspension', tom, active('user', 'signer'), away('signer'), true],
    ['that role taken from one who stays suspended', tom, away('user', 'signer'), away('signer'), true],
    ['that role taken with a return', tom, away('user', 'signer'), active('signer'), true],
    ['that role kept by one who is suspended', tom, active('user'), away('user'), false],
  ])('%s', (_what, userId, before, after, isNeeded) => {
    expect(userNeedsQuorum(watched, { userId, before, after }, approving)).toBe(isNeeded);
  });

  test.each([
    ['address_book', 'operator', true],
    ['address_book', 'user', false],
    ['own_wallet', 'user', true],
    ['own_wallet', 'signer', false],
    ['blocked', 'operator', false],
  ] as const)('where a rule reads %s, to become a vouching %s: %s', (kind, role, isNeeded) => {
    const readers: Rule[] = [{ name: 'r', when: { destinationKinds: [kind] }, effect: { type: 'allow' } }];
    const step = { userId: tom, before: active(), after: active(role) };
    expect(userNeedsQuorum(watchedBy(readers), step, approving)).toBe(isNeeded);
  });

  test('where a rule reads what an amount is worth, to become one who names prices', () => {
    const fiatAmount = { currency: 'USD', max: 1n, maxAgeMs: 1 };
    const step = { userId: tom, before: active(), after: active('price_feed') };
    const needs = (when: Rule['when']) =>
      userNeedsQuorum(watchedBy([{ name: 'r', when, effect: { type: 'allow' } }]), step, approving);
    const window = { hours: 1, max: 1n, fiat: { currency: 'USD', maxAgeMs: 1 } };
    const cases = [{ fiatAmount }, { window }, { window: { hours: 1, max: 1n } }, {}];
    expect(cases.map(needs)).toEqual([true, true, false, false]);
  });

  test.each([
    ['a tag that a rule reads', { tags: ['payroll'] }, true],
    ['a tag that none reads', { tags: ['blue'] }, false],
    ['another policy', { policyId: 'p' }, true],
    ['nothing', {}, false],
  ])('of a wallet: %s, given and taken', (_what, marks, isNeeded) => {
    const [none, some] = [
      { policyId: null, tags: [] },
      { policyId: null, tags: [], ...marks },
    ];
    expect(walletNeedsQuorum(watched, none, some)).toBe(isNeeded);
    expect(walletNeedsQuorum(watched, some, none)).toBe(isNeeded);
  });

  test.each([
    ['who is named', ann, ['signer'], true],
    ['who has a role that decides', tom, ['compliance'], true],
    ['an admin', tom, ['admin'], true],
    ['anybody else', tom, ['operator'], false],
  ])('the credentials of %s', (_who, userId, roles, isNeeded) => {
    expect(isDecider(watched, { userId, roles })).toBe(isNeeded);
  });
});

test('the hash of a change is the same however its keys are written, and another for other content', () => {
  const hash = (content: object) => changeHash(canonicalChange(content));
  expect(hash({ a: 1, b: 2 })).toBe(hash({ b: 2, a: 1 }));
  expect(hash({ a: 1 })).not.toBe(hash({ a: 2 }));
  expect(hash({ a: 1 })).toBe('0x015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862');
});
