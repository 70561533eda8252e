import { randomUUID } from 'node:crypto';
import { ROUTES } from '@ironforge/contracts';
import { createStore, type Store, type Tx } from '@ironforge/store';
import { waitUntil } from '@ironforge/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  type Credential,
  EMAIL,
  PASSWORD,
  startTestIdentity,
  type TestIdentity,
} from '../identity.fixture.ts';

let identity: TestIdentity;
let store: Store;
let root: Credential;
beforeAll(async () => {
  identity = await startTestIdentity();
  store = createStore({ url: identity.database.url, log: identity.log, pool: { min: 0, max: 2 } });
  root = await identity.signIn(EMAIL.superAdmin);
});
afterAll(async () => {
  await store[Symbol.asyncDispose]();
  await identity[Symbol.asyncDispose]();
});

const { createApiKey, createTenant, createUser, login, updateTenant, updateUser } = ROUTES;

async function newTenant() {
  const email = `${randomUUID()}@forge.test`;
  const admin = { email, password: PASSWORD, displayName: 'Boss' };
  const body = { name: randomUUID(), plan: 'pro' as const, admin };
  return { ...(await identity.ask(createTenant, { body }, root)).body, email };
}

async function newUser(admin: Credential) {
  const email = `${randomUUID()}@forge.test`;
  const body = { email, displayName: 'Somebody', roles: ['admin' as const], password: PASSWORD };
  return (await identity.ask(createUser, { body }, admin)).body;
}

const setTenant = (id: string, status: 'active' | 'suspended') =>
  identity.ask(updateTenant, { params: { id }, body: { status } }, root);

/** Signs in while the row of the user is locked: his password is proved by then, and the session is not stored. */
async function whileSignInWaits(email: string, meanwhile: (tx: Tx) => Promise<void>) {
  const signedIn = await store.system('sign_in').transaction(
    async (tx) => {
      await tx.raw('SELECT id FROM users FOR UPDATE');
      const answer = identity.ask(login, { body: { email, password: PASSWORD } });
      await waitUntil('the session to wait', isAnybodyWaiting);
      await meanwhile(tx);
      return { answer };
    },
    { isolation: 'read committed' },
  );
  return await signedIn.answer;
}

async function isAnybodyWaiting(): Promise<boolean> {
  const sql = `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
  return (await identity.database.query(sql)).length > 0;
}

it('makes no key for a user who was suspended after he was let in', async () => {
  const admin = await identity.signIn(EMAIL.admin);
  const user = await newUser(admin);
  const caller = await identity.prove(await identity.signIn(user.email ?? ''));
  const suspend = { params: { id: user.id }, body: { status: 'suspended' as const } };
  expect((await identity.ask(updateUser, suspend, admin)).status).toBe(200);
  const made = await identity.ask(createApiKey, { body: { name: 'late' } }, { caller });
  expect(made).toMatchObject({ status: 401, code: 'unauthenticated' });
});

it('makes no key for the people of a tenant that was suspended after they were let in', async () => {
  const tenant = await newTenant();
  const caller = await identity.prove(await identity.signIn(tenant.email));
  expect((await setTenant(tenant.id, 'suspended')).status).toBe(200);
  const made = await identity.ask(createApiKey, { body: { name: 'late' } }, { caller });
  expect(made).toMatchObject({ status: 401, code: 'unauthenticated' });
});

it('starts no session of a user who was suspended while his password was looked at', async () => {
  const tenant = await newTenant();
  const signedIn = await whileSignInWaits(tenant.email, async (tx) => {
    await tx('users').where({ id: tenant.adminUserId }).update({ status: 'suspended' });
  });
  expect(signedIn).toMatchObject({ status: 401, code: 'invalid_credentials' });
});

it('starts no session in a tenant whose suspension crosses the sign-in', async () => {
  const tenant = await newTenant();
  const signedIn = await whileSignInWaits(tenant.email, async () => {
    expect((await setTenant(tenant.id, 'suspended')).status).toBe(200);
  });
  expect(signedIn).toMatchObject({ status: 401, code: 'invalid_credentials' });
  await setTenant(tenant.id, 'active');
  const sql = 'SELECT id FROM refresh_families WHERE tenant_id = $1 AND ended_at IS NULL';
  expect(await identity.database.query(sql, [tenant.id])).toEqual([]);
});
