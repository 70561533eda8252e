import { randomUUID } from 'node:crypto';
import { ROUTES } from '@ironforge/contracts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { EMAIL, PASSWORD, startTestIdentity, type TestIdentity } from '../identity.fixture.ts';

const OWN = 'chosen by nobody else';
const { changePassword, createTenant, createUser, getMe, getUser, login } = ROUTES;

let identity: TestIdentity;
beforeAll(async () => {
  identity = await startTestIdentity();
});
afterAll(async () => await identity[Symbol.asyncDispose]());

/** Somebody whose password an admin chose, for once. */
async function newPerson() {
  const admin = await identity.signIn(EMAIL.admin);
  const email = `${randomUUID()}@forge.test`;
  const person = { email, displayName: 'Somebody', roles: ['user' as const], password: PASSWORD };
  const created = await identity.ask(createUser, { body: { ...person, mustChangePassword: true } }, admin);
  const { id } = created.body;
  const isToChange = async () =>
    (await identity.ask(getUser, { params: { id } }, admin)).body.mustChangePassword;
  return { id, email, isToChange };
}

const signIn = (body: { email: string; password: string; newPassword?: string; totp?: string }) =>
  identity.ask(login, { body });

it('signs nobody in by a password that was to serve once, before its owner chose another', async () => {
  const { id, email, isToChange } = await newPerson();
  expect(await isToChange()).toBe(true);
  for (let n = 0; n < 7; n++)
    expect((await signIn({ email, password: PASSWORD })).code).toBe('password_change_required');
  const told = (await identity.events('session.login_failed')).filter(({ subject }) => subject === id);
  expect(told.map(({ data }) => data)).toContainEqual({ userId: id, reason: 'password_to_change' });
  const same = await signIn({ email, password: PASSWORD, newPassword: PASSWORD });
  expect([same.code, await isToChange()]).toEqual(['validation_failed', true]);
});

it('signs in with the new password beside the old one, which ends, and never asks again', async () => {
  const { id, email, isToChange } = await newPerson();
  const first = await signIn({ email, password: PASSWORD, newPassword: OWN });
  expect(first.status).toBe(200);
  expect((await identity.ask(getMe, {}, first.body)).body.id).toBe(id);
  expect(await isToChange()).toBe(false);
  expect((await signIn({ email, password: PASSWORD })).code).toBe('invalid_credentials');
  expect((await signIn({ email, password: OWN })).status).toBe(200);
  const told = (await identity.events('user.password_changed')).filter(({ subject }) => subject === id);
  expect(told).toMatchObject([{ actortype: 'user', actorid: id, aggregateversion: 2 }]);
});

it('does not take a wrong password for a change, and ends other sessions by a right one', async () => {
  const { email } = await newPerson();
  expect((await signIn({ email, password: 'wrong', newPassword: OWN })).code).toBe('invalid_credentials');
  const first = (await signIn({ email, password: PASSWORD, newPassword: OWN })).body;
  const again = await signIn({ email, password: OWN, newPassword: `${OWN}, twice` });
  expect(again.status).toBe(200);
  expect((await identity.ask(getMe, {}, first)).status).toBe(401);
  const body = { currentPassword: `${OWN}, twice`, newPassword: OWN };
  expect((await identity.ask(changePassword, { body }, again.body)).status).toBe(200);
});

it('asks the first admin of a tenant for a password of his own', async () => {
  const root = await identity.signIn(EMAIL.superAdmin);
  const email = `${randomUUID()}@forge.test`;
  const admin = { email, password: PASSWORD, displayName: 'First', mustChangePassword: true };
  const body = { name: randomUUID(), plan: 'pro' as const, admin };
  expect((await identity.ask(createTenant, { body }, root)).status).toBe(201);
  expect((await signIn({ email, password: PASSWORD })).code).toBe('password_change_required');
  expect((await signIn({ email, password: PASSWORD, newPassword: OWN })).status).toBe(200);
});
