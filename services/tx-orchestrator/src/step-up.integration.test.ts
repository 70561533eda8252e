import { ROUTES } from '@ironforge/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { installPolicy } from './testbed/policies.fixture.ts';
import { created, payload, read, refusalOf, replyOf } from './testbed/story.fixture.ts';
import { type Person, startWorld, type World } from './testbed/world.fixture.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
  const groups = [{ name: 'treasury', role: 'approver' as const, required: 2 }];
  const effect = { type: 'require_approvals' as const, groups, stepUp: 'totp' as const };
  await installPolicy(world, { name: 'with codes', rules: [{ name: 'all', when: {}, effect }] });
});
afterAll(() => world[Symbol.asyncDispose]());

async function decide(person: Person, id: string, totp?: string, decision: 'approve' | 'reject' = 'approve') {
  const { intentHash } = await read(world, id);
  const body = { decision, intentHash, ...(totp === undefined ? {} : { totp }) };
  return await world.ask(person, ROUTES.decideTransaction, { params: { id }, body });
}

test('an approval needs a code where the rule asks for it, and the payload says that it was given', async () => {
  const { ann, ben } = world.people;
  const { id } = await created(world, world.addWallet().id);
  expect(refusalOf(await decide(ann, id))).toBe('403 step_up_required');
  expect(refusalOf(await decide(ann, id, '999999'))).toBe('403 step_up_failed');
  world.neighbourhood.codes.set(ann.userId, '123456').set(ben.userId, '654321');
  expect(refusalOf(await decide(ann, id, '654321'))).toBe('403 step_up_failed');
  replyOf(await decide(ann, id, '123456'));
  expect(replyOf(await decide(ben, id, '654321'))).toMatchObject({ status: 'approved' });
  const { approvals } = await payload(world, id);
  expect(approvals.map(({ stepUp }) => stepUp)).toEqual(['totp', 'totp']);
});

test('a rejection needs none', async () => {
  const { id } = await created(world, world.addWallet().id);
  const rejected = await decide(world.people.eva, id, undefined, 'reject');
  expect(replyOf(rejected)).toMatchObject({ status: 'rejected', approvals: [{ stepUp: null }] });
});
