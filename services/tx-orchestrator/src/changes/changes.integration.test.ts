import { randomUUID } from 'node:crypto';
import { EVENTS, ROUTES } from '@ironforge/contracts';
import { waitUntil } from '@ironforge/testing';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { deliver, userNews } from '../testbed/news.fixture.ts';
import { changeOf, decideOn, installPolicy, readChange } from '../testbed/policies.fixture.ts';
import { published } from '../testbed/published.fixture.ts';
import { refusalOf, replyOf, setPolicy } from '../testbed/story.fixture.ts';
import { type Person, startWorld, type World } from '../testbed/world.fixture.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
  await setPolicy(world, 'two of three');
});
afterAll(() => world[Symbol.asyncDispose]());
beforeEach(() => {
  for (const { userId, roles } of Object.values(world.people))
    world.neighbourhood.users.set(userId, { roles: [...roles], status: 'active' });
});

const lax = (isDefault = false) => ({
  name: 'lax',
  isDefault,
  rules: [{ name: 'everything', when: {}, effect: { type: 'allow' as const } }],
});

/** The admin wants another policy, and is told which change that is. */
async function proposed(isDefault = false): Promise<string> {
  const body = lax(isDefault);
  return changeOf(await world.ask(world.people.admin, ROUTES.createPolicy, { body })).changeId;
}

const turn = (person: Person, status: 'active' | 'suspended', ...roles: Person['roles']) =>
  world.neighbourhood.users.set(person.userId, { status, roles: [...roles] });

async function names(): Promise<string[]> {
  const { data } = replyOf(
    await world.ask(world.people.admin, ROUTES.listPolicies, { query: { limit: 200 } }),
  );
  return data.map(({ name }) => name);
}

test('a policy is there when the last of its quorum has approved, once, and each step was told', async () => {
  const { ann, ben } = world.people;
  const before = (await names()).length;
  const id = await proposed();
  expect(await names()).toHaveLength(before);
  expect(replyOf(await decideOn(world, ann, id))).toMatchObject({
    status: 'pending',
    required: [{ group: 'treasury', required: 2, given: 1 }],
  });
  const answers = await Promise.all([decideOn(world, ben, id), decideOn(world, ben, id)]);
  expect(answers.map(({ status }) => `${status}`).toSorted()).toEqual(['200', '409']);
  expect(await readChange(world, id)).toMatchObject({ status: 'applied', reason: null, version: 5 });
  expect(await names()).toHaveLength(before + 1);
  const steps = await waitUntil('every step to be told', async () => {
    const told = await published(world, ({ subject }) => subject === id);
    return told.length >= 5 ? told : null;
  });
  expect(steps.toSorted((a, b) => a.aggregateversion - b.aggregateversion).map(({ type }) => type)).toEqual([
    'change.proposed',
    'change.approval_granted',
    'change.approval_granted',
    'change.approved',
    'change.applied',
  ]);
});

test('its author, strangers, another hash and a second vote are refused', async () => {
  const { admin, ann, operator } = world.people;
  const id = await proposed();
  expect(refusalOf(await decideOn(world, admin, id))).toBe('403 initiator_cannot_approve');
  expect(refusalOf(await decideOn(world, operator, id))).toBe('403 not_an_approver');
  const body = { decision: 'approve' as const, changeHash: `0x${'0'.repeat(64)}` };
  expect(refusalOf(await world.ask(ann, ROUTES.decideChange, { params: { id }, body }))).toBe(
    '409 change_mismatch',
  );
  replyOf(await decideOn(world, ann, id));
  expect(refusalOf(await decideOn(world, ann, id))).toBe('409 already_decided');
});

test('one rejection ends it, and its author alone can take it back', async () => {
  const { admin, ann, ben } = world.people;
  const rejected = await proposed();
  expect(replyOf(await decideOn(world, ann, rejected, 'reject'))).toMatchObject({ status: 'rejected' });
  expect(refusalOf(await decideOn(world, ben, rejected))).toBe('409 illegal_transition');
  const params = { id: await proposed() };
  expect(refusalOf(await world.ask(ann, ROUTES.cancelChange, { params }))).toBe('403 permission_denied');
  expect(replyOf(await world.ask(admin, ROUTES.cancelChange, { params }))).toMatchObject({
    status: 'cancelled',
  });
});

test('who lost his rights before the application counts no more', async () => {
  const { ann, ben, eva } = world.people;
  const id = await proposed();
  replyOf(await decideOn(world, ann, id));
  turn(ann, 'suspended', 'approver');
  expect(replyOf(await decideOn(world, ben, id))).toMatchObject({ status: 'pending' });
  expect(replyOf(await decideOn(world, eva, id))).toMatchObject({ status: 'applied' });
});

test('who is reinstated counts again: his approval completes the change, and it is applied', async () => {
  const { ann, ben } = world.people;
  const id = await proposed();
  replyOf(await decideOn(world, ann, id));
  turn(ann, 'suspended', 'approver');
  expect(replyOf(await decideOn(world, ben, id))).toMatchObject({ status: 'pending' });
  await deliver(world, userNews(world, { id: ben.userId, roles: ['approver'], status: 'suspended' }));
  expect(await readChange(world, id)).toMatchObject({ status: 'pending' });
  turn(ann, 'active', 'approver');
  await deliver(world, userNews(world, { id: ann.userId, roles: ['approver'], status: 'active' }));
  await waitUntil('its application', async () => (await readChange(world, id)).status === 'applied');
});

test('who was reinstated and told of while nothing waited for him counts all the same after a while', async () => {
  const { ann, ben } = world.people;
  const [id, never] = [await proposed(), await proposed()];
  for (const each of [id, never]) replyOf(await decideOn(world, ann, each));
  turn(ann, 'suspended', 'approver');
  expect(replyOf(await decideOn(world, ben, id))).toMatchObject({ status: 'pending' });
  turn(ann, 'active', 'approver');
  await waitUntil('its application', async () => (await readChange(world, id)).status === 'applied', {
    timeoutMs: 25_000,
  });
  expect(await readChange(world, never)).toMatchObject({ status: 'pending' });
});

test('a return completes nothing that still lacks somebody, nor what is over', async () => {
  const { ann, ben } = world.people;
  const [short, over] = [await proposed(), await proposed()];
  for (const id of [short, over]) replyOf(await decideOn(world, ann, id));
  turn(ann, 'suspended', 'approver');
  replyOf(await decideOn(world, ben, over));
  replyOf(await decideOn(world, world.people.eva, over, 'reject'));
  turn(ann, 'active', 'approver');
  await deliver(world, userNews(world, { id: ann.userId, roles: ['approver'], status: 'active' }));
  expect(await readChange(world, short)).toMatchObject({ status: 'pending' });
  expect(await readChange(world, over)).toMatchObject({ status: 'rejected' });
});

test('what is approved and left behind is applied later, in the order of the quorums, but with the rights of then', async () => {
  const { ann } = world.people;
  const [lost, kept] = [await leftBehind(), await leftBehind()];
  await world.database.query(
    `UPDATE change_approvals SET approver_id = $1 WHERE change_id = $2 AND approver_id = $3`,
    [world.people.eva.userId, kept, ann.userId],
  );
  turn(ann, 'suspended', 'approver');
  await world.database.query(
    `UPDATE changes SET passed_over_until = NULL, approved_at = now() - CASE WHEN id = $1 THEN INTERVAL '1 second' ELSE INTERVAL '0' END
     WHERE id IN ($1, $2)`,
    [lost, kept],
  );
  await waitUntil('the second one to be applied', async () => {
    const { status } = await readChange(world, kept);
    return status === 'applied';
  });
  const [first, second] = [await readChange(world, lost), await readChange(world, kept)];
  expect(first).toMatchObject({ status: 'pending' });
  expect(Date.parse(first.updatedAt)).toBeLessThanOrEqual(Date.parse(second.updatedAt));
});

/** A change with both approvals, as if the process had died before it applied it; it is passed over until it is let go. */
async function leftBehind(): Promise<string> {
  const id = await proposed();
  await world.database.query(
    `UPDATE changes SET status = 'approved', passed_over_until = now() + INTERVAL '1 hour' WHERE id = $1`,
    [id],
  );
  for (const { userId } of [world.people.ann, world.people.ben])
    await world.database.query(
      `INSERT INTO change_approvals (id, tenant_id, change_id, approver_id, decision)
       VALUES ($1, $2, $3, $4, 'approve')`,
      [randomUUID(), world.tenantId, id, userId],
    );
  return id;
}

test('what was based on another default policy, or on another version, is refused with the reason', async () => {
  const { admin, ann, ben } = world.people;
  const rules = lax().rules;
  const target = await installPolicy(world, lax());
  const edit = async (name: string) =>
    changeOf(await world.ask(admin, ROUTES.updatePolicy, { params: { id: target.id }, body: { name } }))
      .changeId;
  const [first, second] = [await edit('first'), await edit('second')];
  for (const id of [first, second])
    for (const person of [ann, ben]) replyOf(await decideOn(world, person, id));
  expect(await readChange(world, first)).toMatchObject({ status: 'applied' });
  expect(await readChange(world, second)).toMatchObject({ status: 'refused', reason: 'stale_base' });
  expect(replyOf(await world.ask(admin, ROUTES.getPolicy, { params: { id: target.id } }))).toMatchObject({
    name: 'first',
    version: 2,
    rules,
  });
  const old = await proposed();
  await installPolicy(world, lax(true));
  await setPolicy(world, 'two of three');
  for (const person of [ann, ben]) replyOf(await decideOn(world, person, old));
  expect(await readChange(world, old)).toMatchObject({ status: 'refused', reason: 'stale_base' });
});

test('without groups another admin decides, and where there is none it counts at once', async () => {
  await installPolicy(world, lax(true));
  const { admin, ann } = world.people;
  const body = { ...lax(), name: 'at once' };
  expect(replyOf(await world.ask(admin, ROUTES.createPolicy, { body }))).toMatchObject({ version: 1 });
  turn(ann, 'active', 'admin');
  const id = await proposed();
  turn(ann, 'active', 'approver');
  expect(refusalOf(await decideOn(world, ann, id))).toBe('403 not_an_approver');
  turn(ann, 'active', 'admin');
  expect(replyOf(await decideOn(world, ann, id))).toMatchObject({ status: 'applied' });
});

test('a change that nobody decides ends with its time', async () => {
  await setPolicy(world, 'two of three');
  const id = await proposed();
  await world.database.query(`UPDATE changes SET expires_at = now() WHERE id = $1`, [id]);
  await waitUntil('its end', async () => (await readChange(world, id)).status === 'expired');
  const told = await waitUntil('its message', async () => {
    const isAbout = ({ type, subject }: { readonly type: string; readonly subject: string }) =>
      type === 'change.expired' && subject === id;
    return (await published(world, isAbout)).at(0);
  });
  expect(EVENTS['change.expired'].strict().parse(told.data)).toMatchObject({
    change: { id, status: 'expired' },
  });
});

test('the default policy cannot be switched off, and another version of it changes who decides', async () => {
  const { admin, ann, ben } = world.people;
  const { id } = await setPolicy(world, 'two of three');
  const off = await world.ask(admin, ROUTES.updatePolicy, { params: { id }, body: { isActive: false } });
  expect(refusalOf(off)).toBe('409 illegal_transition');
  const groups = [{ name: 'ben alone', approvers: [ben.userId], required: 1 }];
  const rules = [{ name: 'all', when: {}, effect: { type: 'require_approvals' as const, groups } }];
  const edit = await world.ask(admin, ROUTES.updatePolicy, { params: { id }, body: { rules } });
  const { changeId } = changeOf(edit);
  for (const person of [ann, ben]) replyOf(await decideOn(world, person, changeId));
  const next = await proposed();
  expect(await readChange(world, next)).toMatchObject({ required: [{ group: 'ben alone', required: 1 }] });
});
