import { ROUTES } from '@ironforge/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { changeOf, decideOn } from '../testbed/policies.fixture.ts';
import { replyOf } from '../testbed/story.fixture.ts';
import { startWorld, type World } from '../testbed/world.fixture.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

const LOCKED = {
  status: 422,
  problem: { errors: [{ pointer: '/rules', code: 'too_few_approvers' }] },
};

interface Wanted {
  role?: 'approver' | 'compliance';
  approvers?: string[];
  required: number;
}

const rulesOf = (wanted: Wanted) => {
  const effect = { type: 'require_approvals' as const, groups: [{ name: 'board', ...wanted }] };
  return [{ name: 'all', when: {}, effect }];
};

const create = (wanted: Wanted, isDefault?: boolean) =>
  world.ask(world.people.admin, ROUTES.createPolicy, {
    body: { name: 'p', rules: rulesOf(wanted), ...(isDefault === undefined ? {} : { isDefault }) },
  });

test('rules under which no admin could have a change approved are refused, as first and as later default', async () => {
  const { admin, ann, ben } = world.people;
  expect(await create({ role: 'approver', required: 4 })).toMatchObject(LOCKED);
  expect(await create({ role: 'compliance', required: 1 })).toMatchObject(LOCKED);
  expect(await create({ approvers: [admin.userId, ann.userId], required: 2 })).toMatchObject(LOCKED);
  const { id } = replyOf(await create({ role: 'approver', required: 2 }));
  expect(await create({ role: 'approver', required: 4 }, true)).toMatchObject(LOCKED);
  const aside = changeOf(await create({ role: 'approver', required: 4 }, false));
  for (const person of [ann, ben]) replyOf(await decideOn(world, person, aside.changeId));
  const update = (which: string, body: object) =>
    world.ask(admin, ROUTES.updatePolicy, { params: { id: which }, body });
  expect(await update(id, { rules: rulesOf({ role: 'approver', required: 4 }) })).toMatchObject(LOCKED);
  expect(await update(aside.subjectId, { isDefault: true })).toMatchObject(LOCKED);
  expect((await update(id, { rules: rulesOf({ role: 'approver', required: 3 }) })).status).toBe(202);
});

test('who is needed himself counts where another admin could propose', async () => {
  const { admin, ann, user } = world.people;
  world.neighbourhood.users.set(user.userId, { roles: ['admin'], status: 'active' });
  const wanted = { approvers: [admin.userId, ann.userId], required: 2 };
  expect((await create(wanted, true)).status).toBe(202);
  world.neighbourhood.users.set(user.userId, { roles: ['admin'], status: 'suspended' });
  expect(await create(wanted, true)).toMatchObject(LOCKED);
});
