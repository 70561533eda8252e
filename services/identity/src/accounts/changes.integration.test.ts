import { randomUUID } from 'node:crypto';
import { INTERNAL_ROUTES, type Role, ROUTES } from '@ironforge/contracts';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import {
  type Credential,
  EMAIL,
  PASSWORD,
  startTestIdentity,
  type TestIdentity,
} from '../identity.fixture.ts';

let identity: TestIdentity;
let admin: Credential;
let tenantId: string;
beforeAll(async () => {
  identity = await startTestIdentity();
  admin = await identity.signIn(EMAIL.admin);
  tenantId = (await identity.ask(ROUTES.getMe, {}, admin)).body.tenantId;
});
afterAll(async () => await identity[Symbol.asyncDispose]());
beforeEach(() => {
  identity.rules.mustWait = false;
  identity.rules.isDown = false;
});

const newBody = (roles: Role[]) => ({
  email: `${randomUUID()}@forge.test`,
  displayName: 'Somebody New',
  roles,
  password: PASSWORD,
});

async function newUser(...roles: Role[]) {
  return (await identity.ask(ROUTES.createUser, { body: newBody(roles) }, admin)).body;
}

async function read(id: string) {
  return (await identity.ask(ROUTES.getUser, { params: { id } }, admin)).body;
}

const patch = (id: string, body: { roles?: Role[]; status?: 'active' | 'suspended'; displayName?: string }) =>
  identity.ask(ROUTES.updateUser, { params: { id }, body }, admin);

interface Rights {
  roles: Role[];
  status: 'active' | 'suspended';
}

async function apply(userId: string, base: Rights, next: Rights, changeId: string = randomUUID()) {
  const subject = { kind: 'update_user' as const, userId, base, next };
  const body = { tenantId, changeId, authorId: randomUUID(), subject };
  const { status, code } = await identity.tell(INTERNAL_ROUTES.applyUserChange, { body });
  return { status, code };
}

test('a user whose roles must be approved is suspended until they are, and cannot sign in', async () => {
  identity.rules.mustWait = true;
  const body = newBody(['approver']);
  const headers = { 'idempotency-key': randomUUID() };
  const create = () => identity.ask(ROUTES.createUser, { body, headers }, admin);
  expect((await create()).status).toBe(202);
  expect((await create()).status).toBe(202);
  const { asked } = identity.rules;
  expect(asked).toHaveLength(1);
  const subject = { kind: 'update_user', base: { roles: ['approver'], status: 'suspended' } };
  expect(asked[0]).toMatchObject({ subject });
  expect(JSON.stringify(asked)).not.toContain(body.email);
  const { data } = (await identity.ask(ROUTES.listUsers, { query: { role: 'approver' } }, admin)).body;
  expect(data.filter(({ email }) => email === body.email)).toMatchObject([{ status: 'suspended' }]);
  const login = { body: { email: body.email, password: PASSWORD } };
  expect((await identity.ask(ROUTES.login, login)).status).toBe(401);
  const held: Rights = { roles: ['approver'], status: 'suspended' };
  await apply(data[0]?.id ?? '', held, { ...held, status: 'active' });
  expect((await identity.ask(ROUTES.login, login)).status).toBe(200);
});

test('roles and a return that must be approved wait, a suspension never does', async () => {
  const user = await newUser('signer');
  identity.rules.mustWait = true;
  expect((await patch(user.id, { roles: ['signer', 'approver'] })).status).toBe(202);
  expect(await read(user.id)).toMatchObject({ roles: ['signer'] });
  const asked = identity.rules.asked.length;
  identity.rules.isDown = true;
  expect((await patch(user.id, { status: 'suspended' })).body).toMatchObject({ status: 'suspended' });
  expect((await patch(user.id, { status: 'active' })).code).toBe('dependency_down');
  identity.rules.isDown = false;
  expect((await patch(user.id, { status: 'active' })).status).toBe(202);
  expect(identity.rules.asked).toHaveLength(asked + 1);
  expect(await read(user.id)).toMatchObject({ status: 'suspended' });
});

test('nothing waits unseen beside what must be approved', async () => {
  const user = await newUser('signer');
  identity.rules.mustWait = true;
  expect((await patch(user.id, { roles: ['approver'], displayName: 'Other' })).code).toBe(
    'validation_failed',
  );
  expect(await read(user.id)).toEqual(user);
  expect(identity.rules.asked.at(-1)).toMatchObject({ asksOnly: true });
});

test('roles change beside a suspension, or of one who is suspended, only when others need not approve it', async () => {
  const user = await newUser('signer', 'user');
  const { roles } = await read(user.id);
  identity.rules.mustWait = true;
  const together = await patch(user.id, { status: 'suspended', roles: ['signer'] });
  expect(together).toMatchObject({ status: 422, code: 'validation_failed' });
  expect(await read(user.id)).toEqual(user);
  expect(identity.rules.asked.at(-1)).toMatchObject({ asksOnly: true });
  expect((await patch(user.id, { status: 'suspended', roles })).status).toBe(200);
  expect((await patch(user.id, { roles: ['signer'] })).status).toBe(202);
  expect(await read(user.id)).toMatchObject({ status: 'suspended', roles });
  identity.rules.mustWait = false;
  expect((await patch(user.id, { roles: ['signer'] })).body).toMatchObject({ roles: ['signer'] });
});

test('what was approved is done once, on the rights that it was based on alone', async () => {
  const user = await newUser('signer');
  const base: Rights = { roles: ['signer'], status: 'active' };
  const next: Rights = { roles: ['signer', 'approver'], status: 'active' };
  const changeId = randomUUID();
  const answers = await Promise.all([
    apply(user.id, base, next, changeId),
    apply(user.id, base, next, changeId),
  ]);
  expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  expect((await read(user.id)).roles.toSorted()).toEqual(['approver', 'signer']);
  const told = (await identity.events('user.updated')).filter(({ subject }) => subject === user.id);
  expect(told).toHaveLength(1);
  expect(await apply(user.id, base, next)).toEqual({ status: 409, code: 'version_conflict' });
  expect(await apply(randomUUID(), base, next)).toEqual({ status: 404, code: 'not_found' });
  await patch(user.id, { status: 'suspended' });
  expect((await apply(user.id, base, next, changeId)).status).toBe(200);
  expect(await read(user.id)).toMatchObject({ status: 'suspended' });
});

test('nobody but a service has what was approved done', async () => {
  const body = {};
  const raw = await identity.ask(INTERNAL_ROUTES.applyUserChange, { body: body as never }, admin);
  expect(raw.status).toBe(403);
});
