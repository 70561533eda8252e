import { ROUTES } from '@ironforge/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { installPolicy } from './testbed/policies.fixture.ts';
import { created, payload, read, refusalOf, replyOf } from './testbed/story.fixture.ts';
import { type Person, startWorld, type World } from './testbed/world.fixture.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
  const { ann, ben, eva } = world.people;
  const approvers = [ann, ben, eva].map(({ userId }) => userId);
  const groups = [{ name: 'treasury', approvers, required: 2 }];
  const effect = { type: 'require_approvals' as const, groups, rejection: 'counts' as const };
  await installPolicy(world, { name: 'two of three', rules: [{ name: 'all', when: {}, effect }] });
});
afterAll(() => world[Symbol.asyncDispose]());

async function decide(person: Person, id: string, decision: 'approve' | 'reject') {
  const { intentHash } = await read(world, id);
  return await world.ask(person, ROUTES.decideTransaction, {
    params: { id },
    body: { decision, intentHash },
  });
}

test('where a rejection counts, those who are left may approve, and who rejected may not', async () => {
  const { ann, ben, eva } = world.people;
  const { id } = await created(world, world.addWallet().id);
  expect(replyOf(await decide(ann, id, 'reject'))).toMatchObject({ status: 'pending_approval' });
  expect(refusalOf(await decide(ann, id, 'approve'))).toBe('409 already_decided');
  expect(replyOf(await decide(ben, id, 'approve'))).toMatchObject({ status: 'pending_approval' });
  expect(replyOf(await decide(eva, id, 'approve'))).toMatchObject({ status: 'approved' });
  const { approvals } = await payload(world, id);
  expect(approvals.map(({ decision }) => decision)).toEqual(['reject', 'approve', 'approve']);
});

test('the rejection after which too few are left ends it', async () => {
  const { ann, ben, eva } = world.people;
  const { id } = await created(world, world.addWallet().id);
  expect(replyOf(await decide(ann, id, 'approve'))).toMatchObject({ status: 'pending_approval' });
  expect(replyOf(await decide(ben, id, 'reject'))).toMatchObject({ status: 'pending_approval' });
  const ended = replyOf(await decide(eva, id, 'reject'));
  expect(ended).toMatchObject({ status: 'rejected', reason: 'rejected_by_approver' });
});

test('who was suspended meanwhile is not among those who are left', async () => {
  const { ann, ben } = world.people;
  const { id } = await created(world, world.addWallet().id);
  world.neighbourhood.users.set(ben.userId, { roles: ['approver'], status: 'suspended' });
  try {
    expect(replyOf(await decide(ann, id, 'reject'))).toMatchObject({ status: 'rejected' });
  } finally {
    world.neighbourhood.users.set(ben.userId, { roles: ['approver'], status: 'active' });
  }
});
