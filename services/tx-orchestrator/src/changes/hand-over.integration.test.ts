import { randomUUID } from 'node:crypto';
import { INTERNAL_ROUTES, type Role, ROUTES, type UserSubject } from '@ironforge/contracts';
import { createInternalClient, createTokenIssuer } from '@ironforge/service-kit';
import { waitUntil } from '@ironforge/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { parseConfig } from '../config.ts';
import { changeOf, decideOn, readChange } from '../testbed/policies.fixture.ts';
import { refusalOf, replyOf, setPolicy } from '../testbed/story.fixture.ts';
import { startWorld, type World } from '../testbed/world.fixture.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world[Symbol.asyncDispose]());
beforeEach(() => {
  Object.assign(world.neighbourhood.owner, { isDown: false, refusal: null });
  const { ann } = world.people;
  world.neighbourhood.users.set(ann.userId, { roles: ['approver'], status: 'active' });
});

const signer = { roles: ['signer'] as Role[], status: 'active' as const };

/** Identity asks whether somebody may get this role. */
async function grant(role: Role, changeId: string = randomUUID()) {
  const author = { userId: world.people.admin.userId, apiKeyId: null };
  const next = { ...signer, roles: ['signer', role] as Role[] };
  const subject = { kind: 'update_user' as const, userId: world.people.signer.userId, base: signer, next };
  const body = { tenantId: world.tenantId, changeId, author, subject };
  return replyOf(await world.tell(INTERNAL_ROUTES.proposeChange, { body })).change;
}

async function granted(): Promise<string> {
  const change = await grant('admin');
  return change?.changeId ?? 'none';
}

async function approve(id: string) {
  replyOf(await decideOn(world, world.people.ann, id));
  return replyOf(await decideOn(world, world.people.ben, id));
}

async function untilStatus(id: string, status: string) {
  await waitUntil(`the change is ${status}`, async () => (await readChange(world, id)).status === status);
}

test('before the first policy, and where no rule looks, nobody has to approve; elsewhere once by its id', async () => {
  expect(await grant('admin')).toBeNull();
  await setPolicy(world, 'two of three');
  expect(await grant('user')).toBeNull();
  const id = randomUUID();
  const both = [await grant('admin', id), await grant('admin', id)];
  expect(both[0]).toMatchObject({ changeId: id, subjectId: world.people.signer.userId });
  expect(both[1]).toEqual(both[0]);
});

test('who asks while identity hangs is told before he gives up, and nothing is stored', async () => {
  await setPolicy(world, 'two of three');
  const { userId } = world.people.admin;
  const hanging = Promise.withResolvers<void>();
  world.neighbourhood.meanwhile.set(userId, () => hanging.promise);
  const next = { ...signer, roles: ['signer', 'admin'] as Role[] };
  const subject = { kind: 'update_user' as const, userId: world.people.signer.userId, base: signer, next };
  const changeId = randomUUID();
  const body = { tenantId: world.tenantId, changeId, author: { userId, apiKeyId: null }, subject };
  await expect(impatient()(INTERNAL_ROUTES.proposeChange, { body })).rejects.toMatchObject({
    code: 'dependency_down',
    cause: { status: 503 },
  });
  hanging.resolve();
  const params = { id: changeId };
  expect(refusalOf(await world.ask(world.people.ann, ROUTES.getChange, { params }))).toBe('404 not_found');
});

/** Another service that waits less long than the orchestrator would. */
function impatient() {
  const { INTERNAL_SIGNING_KEY: key } = parseConfig(world.environment);
  const issueToken = createTokenIssuer(key, () => new Date());
  const urls = { 'tx-orchestrator': world.url };
  return createInternalClient({ service: 'tx-orchestrator', urls, issueToken, timeoutMs: 5_000 });
}

test('a question alone is answered the same and stores nothing', async () => {
  await setPolicy(world, 'two of three');
  const author = { userId: world.people.admin.userId, apiKeyId: null };
  const changeId = randomUUID();
  const ask = async (role: Role) => {
    const next = { ...signer, roles: ['signer', role] as Role[] };
    const subject = { kind: 'update_user' as const, userId: world.people.signer.userId, base: signer, next };
    const body = { tenantId: world.tenantId, changeId, author, subject, asksOnly: true as const };
    return replyOf(await world.tell(INTERNAL_ROUTES.proposeChange, { body })).change;
  };
  expect(await ask('user')).toBeNull();
  expect(await ask('admin')).toMatchObject({ changeId });
  expect(await world.database.query('SELECT id FROM changes WHERE id = $1', [changeId])).toEqual([]);
});

test('an id that stands for another wish already is refused', async () => {
  await setPolicy(world, 'two of three');
  const id = randomUUID();
  const first = await grant('admin', id);
  expect(first).not.toBeNull();
  const author = { userId: world.people.admin.userId, apiKeyId: null };
  const ask = async (...roles: Role[]) => {
    const subject = { kind: 'update_user' as const, userId: randomUUID(), base: signer };
    const next = { ...signer, roles };
    const body = { tenantId: world.tenantId, changeId: id, author, subject: { ...subject, next } };
    return await world.tell(INTERNAL_ROUTES.proposeChange, { body });
  };
  expect(replyOf(await ask('signer', 'admin')).change).toEqual(first);
  const other = await ask('signer', 'approver');
  expect(other).toMatchObject({ status: 422, problem: { code: 'idempotency_key_reused' } });
});

test('its owner applies it once; while he is away all later changes wait in their order', async () => {
  const { owner } = world.neighbourhood;
  const first = await granted();
  const body = { name: 'later', rules: [{ name: 'all', when: {}, effect: { type: 'deny' as const } }] };
  const later = changeOf(await world.ask(world.people.admin, ROUTES.createPolicy, { body })).changeId;
  owner.isDown = true;
  expect(await approve(first)).toMatchObject({ status: 'approved' });
  expect(await approve(later)).toMatchObject({ status: 'approved' });
  expect(owner.applied).not.toContain(first);
  world.neighbourhood.users.set(world.people.ann.userId, { roles: ['approver'], status: 'suspended' });
  owner.isDown = false;
  await untilStatus(first, 'applied');
  expect(owner.applied.filter((id) => id === first)).toHaveLength(1);
  await untilStatus(later, 'pending');
});

test('what its owner refuses ends with his reason', async () => {
  world.neighbourhood.owner.refusal = 'version_conflict';
  const id = await granted();
  expect(await approve(id)).toMatchObject({ status: 'refused', reason: 'stale_base' });
});

test.each(['permission_denied', 'validation_failed'] as const)(
  'a refusal that will not change (%s) ends it, and what waits behind goes on',
  async (refusal) => {
    world.neighbourhood.owner.refusal = refusal;
    const [first, later] = [await granted(), await newPolicy()];
    expect(await approve(first)).toMatchObject({ status: 'refused', reason: 'refused_by_owner' });
    expect(await approve(later)).toMatchObject({ status: 'applied' });
  },
);

test('one whose owner fails again and again lets others pass, with an alert, and is applied in the end', async () => {
  const { owner } = world.neighbourhood;
  owner.refusal = 'internal_error';
  const [first, later] = [await granted(), await newPolicy()];
  expect(await approve(first)).toMatchObject({ status: 'approved' });
  await approve(later);
  await untilStatus(later, 'applied');
  expect(await readChange(world, first)).toMatchObject({ status: 'approved' });
  expect(alertsAbout(first)).not.toEqual([]);
  owner.refusal = null;
  await untilStatus(first, 'applied');
  expect(owner.applied.filter((id) => id === first)).toHaveLength(1);
});

async function newPolicy(): Promise<string> {
  const rules = [{ name: 'all', when: {}, effect: { type: 'deny' as const } }];
  const body = { name: randomUUID(), rules };
  return changeOf(await world.ask(world.people.admin, ROUTES.createPolicy, { body })).changeId;
}

function alertsAbout(changeId: string) {
  return world.log.lines.filter(
    ({ fields }) => fields['alert'] === 'change_not_applied' && fields['changeId'] === changeId,
  );
}

test('the person whom it is about has no say in it', async () => {
  const author = { userId: world.people.admin.userId, apiKeyId: null };
  const base = { roles: ['approver'] as Role[], status: 'active' as const };
  const next = { ...base, roles: ['approver', 'admin'] as Role[] };
  const subject = { kind: 'update_user' as const, userId: world.people.ann.userId, base, next };
  const body = { tenantId: world.tenantId, changeId: randomUUID(), author, subject };
  const { change } = replyOf(await world.tell(INTERNAL_ROUTES.proposeChange, { body }));
  const answer = await decideOn(world, world.people.ann, change?.changeId ?? '');
  expect(answer).toMatchObject({ status: 403, problem: { code: 'not_an_approver' } });
});

describe('what proves a person', () => {
  const propose = async (subject: UserSubject) => {
    const author = { userId: world.people.admin.userId, apiKeyId: null };
    const body = { tenantId: world.tenantId, changeId: randomUUID(), author, subject };
    return replyOf(await world.tell(INTERNAL_ROUTES.proposeChange, { body })).change;
  };
  const confirmedAt = '2026-01-01T00:00:00.000Z';
  const reset = (userId: string, roles: Role[]): UserSubject => ({
    kind: 'reset_totp',
    userId,
    base: { roles, confirmedAt },
  });
  const set = (userId: string, roles: Role[]): UserSubject => ({
    kind: 'set_approval_address',
    userId,
    base: { roles, address: null },
    next: { address: '0x70997970C51812dc3A010C7d01b50e0d17dc79C8' },
  });

  test.each([
    ['reset', reset],
    ['an address', set],
  ])('of an approver (%s) changes by the quorum without him, of anybody else at once', async (_what, of) => {
    const { ann, ben, eva, user } = world.people;
    expect(await propose(of(user.userId, ['user']))).toBeNull();
    const id = (await propose(of(ann.userId, ['approver'])))?.changeId ?? '';
    expect(await decideOn(world, ann, id)).toMatchObject({ problem: { code: 'not_an_approver' } });
    replyOf(await decideOn(world, ben, id));
    expect(replyOf(await decideOn(world, eva, id))).toMatchObject({ status: 'applied' });
    expect(world.neighbourhood.owner.applied).toContain(id);
    expect((await propose(of(user.userId, ['admin'])))?.subjectId).toBe(user.userId);
  });
});
