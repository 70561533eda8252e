import { randomUUID } from 'node:crypto';
import { ROUTES } from '@ironforge/contracts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { EMAIL, PASSWORD, startTestIdentity, type TestIdentity } from '../identity.fixture.ts';

let identity: TestIdentity;
beforeAll(async () => {
  identity = await startTestIdentity();
});
afterAll(async () => await identity[Symbol.asyncDispose]());

const { changePassword, createApiKey, createUser, endSession, getMe, listSessions, login } = ROUTES;
const NEW = 'another horse, another battery';

async function newPerson() {
  const admin = await identity.signIn(EMAIL.admin);
  const email = `${randomUUID()}@forge.test`;
  const body = { email, displayName: 'Somebody', roles: ['admin' as const], password: PASSWORD };
  const { id } = (await identity.ask(createUser, { body }, admin)).body;
  return { id, email, tokens: await identity.signIn(email) };
}

const change = (currentPassword: string) => ({ body: { currentPassword, newPassword: NEW } });

it('changes a password by the present one, ends every session and begins one', async () => {
  const { id, email, tokens } = await newPerson();
  const other = await identity.signIn(email);
  const changed = await identity.ask(changePassword, change(PASSWORD), tokens);
  expect(changed.status).toBe(200);
  for (const ended of [tokens, other]) expect((await identity.ask(getMe, {}, ended)).status).toBe(401);
  expect((await identity.ask(getMe, {}, changed.body)).body.id).toBe(id);
  const signIn = (password: string) => identity.ask(login, { body: { email, password } });
  expect((await signIn(PASSWORD)).code).toBe('invalid_credentials');
  expect((await signIn(NEW)).status).toBe(200);
  const told = (await identity.events('user.password_changed')).filter(({ subject }) => subject === id);
  expect(told).toMatchObject([{ actorid: id, aggregateversion: 2, data: { user: { status: 'active' } } }]);
});

it('lists one’s own sessions with from where they began, and ends one of them', async () => {
  const { email, tokens } = await newPerson();
  identity.clock.now = new Date(identity.clock.now.getTime() + 1_000);
  const other = await identity.signIn(email);
  const list = async () => (await identity.ask(listSessions, {}, tokens)).body.data;
  const [newest, ...rest] = await list();
  expect(rest).toHaveLength(1);
  expect([newest?.ip, newest?.userAgent]).toEqual(['192.0.2.1', 'node']);
  expect([newest, ...rest].map((session) => session?.current)).toEqual([false, true]);
  const ofOther = (await identity.ask(listSessions, {}, other)).body.data;
  expect(ofOther.map(({ current }) => current)).toEqual([true, false]);
  const ending = { params: { id: newest?.id ?? '' } };
  expect((await identity.ask(endSession, ending, await identity.signIn(EMAIL.admin))).status).toBe(404);
  expect((await identity.ask(endSession, ending, tokens)).status).toBe(204);
  expect((await identity.ask(endSession, ending, tokens)).status).toBe(404);
  expect((await identity.ask(getMe, {}, other)).status).toBe(401);
  expect(await list()).toEqual(rest);
});

it('counts wrong present passwords as at a sign-in, and takes nothing from a key', async () => {
  const { email, tokens } = await newPerson();
  const { key } = (await identity.ask(createApiKey, { body: { name: 'robot' } }, tokens)).body;
  expect((await identity.ask(changePassword, change(PASSWORD), { apiKey: key })).code).toBe(
    'permission_denied',
  );
  for (let n = 0; n < 5; n++)
    expect((await identity.ask(changePassword, change('wrong'), tokens)).code).toBe('step_up_failed');
  expect((await identity.ask(changePassword, change(PASSWORD), tokens)).code).toBe('too_many_attempts');
  expect((await identity.ask(login, { body: { email, password: PASSWORD } })).code).toBe('too_many_attempts');
});
