import { branded, type UserId } from '@ironforge/kernel';
import { expect, test } from 'vitest';
import { presentGroups, quorumStatus, type ResolvedGroup } from './quorum.ts';

const [ann, ben, eva] = ['ann', 'ben', 'eva'].map((name) => branded<UserId>(name)) as [
  UserId,
  UserId,
  UserId,
];
const active = new Set([ann, ben, eva]);

/** One of those who had the role compliance, and one of those who had the role approver or were named. */
const groups: ResolvedGroup[] = [
  { name: 'compliance', required: 1, role: 'compliance', approverIds: [ann] },
  { name: 'approvers', required: 1, role: 'approver', approverIds: [ann, ben] },
];
const named = groups.map((group) => ({ ...group, role: null }));

test.each([
  ['both roles are held', groups, active, ['approver', 'compliance'], true],
  ['she lost the role of the one group', groups, active, ['approver'], false],
  ['she lost the role of the other, where another sits', groups, active, ['compliance'], true],
  ['she has no role at all', groups, active, [], false],
  ['she is not active', groups, new Set([ben, eva]), ['approver', 'compliance'], false],
  ['people are named, whatever their roles', named, active, ['approver'], true],
])('the approvals of Ann and Ben: %s', (_, asked, approverIds, roles, isMet) => {
  const rolesOf = new Map([
    [ann, roles],
    [ben, ['approver']],
  ]);
  const present = presentGroups(asked, { approverIds, rolesOf });
  expect(quorumStatus([present], [ann, ben]).isMet).toBe(isMet);
});
