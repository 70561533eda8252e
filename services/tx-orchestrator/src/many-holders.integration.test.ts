import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { installPolicy } from './testbed/policies.fixture.ts';
import { created, decide, payload, read, replyOf } from './testbed/story.fixture.ts';
import { startWorld, type World } from './testbed/world.fixture.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

test('a role with more holders than identity tells of at a time may be named in a rule, and any of them approves', async () => {
  const { users } = world.neighbourhood;
  for (let n = 0; n < 1_001; n += 1) users.set(randomUUID(), { roles: ['approver'], status: 'active' });
  const groups = [{ name: 'treasury', role: 'approver' as const, required: 1 }];
  const rules = [{ name: 'all', when: {}, effect: { type: 'require_approvals' as const, groups } }];
  await installPolicy(world, { name: 'all', rules, isDefault: true });
  const { id } = await created(world, world.addWallet().id);
  replyOf(await decide(world, world.people.ann, id));
  expect(await read(world, id)).toMatchObject({ status: 'approved' });
  expect(await payload(world, id)).toMatchObject({ transactionId: id });
});
