import type { Role } from '@ironforge/contracts';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { deliver, userNews } from './testbed/news.fixture.ts';
import { installPolicy } from './testbed/policies.fixture.ts';
import { askPayload, created, decide, payload, read, refusalOf, replyOf } from './testbed/story.fixture.ts';
import { type Person, startWorld, type World } from './testbed/world.fixture.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
  const groups = [
    { name: 'compliance', role: 'compliance' as const, required: 1 },
    { name: 'approvers', role: 'approver' as const, required: 1 },
  ];
  const effect = { type: 'require_approvals' as const, groups, rejection: 'counts' as const };
  give(world.people.eva, 'compliance');
  await installPolicy(world, { name: 'both', rules: [{ name: 'all', when: {}, effect }] });
});
afterAll(() => world[Symbol.asyncDispose]());
beforeEach(() => {
  give(world.people.ann, 'approver', 'compliance');
  give(world.people.eva, 'compliance');
});

function give({ userId }: Person, ...roles: Role[]): void {
  world.neighbourhood.users.set(userId, { roles, status: 'active' });
}

async function submitted(): Promise<string> {
  return (await created(world, world.addWallet().id)).id;
}

test('who lost the role of a group after the submission fills its seat no more, and does when he has it back', async () => {
  const { ann, ben } = world.people;
  const id = await submitted();
  give(ann, 'approver');
  for (const person of [ann, ben]) replyOf(await decide(world, person, id));
  expect(await read(world, id)).toMatchObject({ status: 'pending_approval' });
  give(ann, 'approver', 'compliance');
  const user = {
    id: ann.userId,
    roles: ['approver', 'compliance'] satisfies Role[],
    status: 'active' as const,
  };
  await deliver(world, userNews(world, user));
  expect(await read(world, id)).toMatchObject({ status: 'approved' });
});

test('who has no other group than that of the role he lost is no approver any more', async () => {
  const { eva } = world.people;
  const id = await submitted();
  give(eva, 'approver');
  expect(refusalOf(await decide(world, eva, id))).toBe('403 not_an_approver');
});

test('a role that is lost after the approval takes the quorum back before anything is signed', async () => {
  const { ann, ben } = world.people;
  const id = await submitted();
  for (const person of [ann, ben]) replyOf(await decide(world, person, id));
  expect(await payload(world, id)).toMatchObject({ transactionId: id });
  give(ann, 'approver');
  expect(refusalOf(await askPayload(world, id))).toBe('409 quorum_missing');
});

test('a rejection is decisive when those who are left have lost the role that is missing', async () => {
  const { ann, eva } = world.people;
  const id = await submitted();
  give(ann, 'approver');
  expect(replyOf(await decide(world, eva, id, 'reject'))).toMatchObject({ status: 'rejected' });
});
