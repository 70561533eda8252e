import { randomUUID } from 'node:crypto';
import { ROUTES } from '@ironforge/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Credential,
  EMAIL,
  PASSWORD,
  startTestIdentity,
  type TestIdentity,
} from '../identity.fixture.ts';

let identity: TestIdentity;
let admin: Credential;
let root: Credential;
beforeAll(async () => {
  identity = await startTestIdentity();
  admin = await identity.signIn(EMAIL.admin);
  root = await identity.signIn(EMAIL.superAdmin);
});
afterAll(async () => await identity[Symbol.asyncDispose]());

const { createUser, updateUser, getUser, listUsers, getMe, createTenant, updateTenant, listTenants } = ROUTES;

async function newUser(roles: ('user' | 'admin' | 'operator')[] = ['user']) {
  const email = `${randomUUID()}@forge.test`;
  const body = { email, displayName: 'Somebody New', roles, password: PASSWORD };
  const made = await identity.ask(createUser, { body }, admin);
  expect(made.status).toBe(201);
  return { ...made.body, email };
}

describe('users', () => {
  it('are made, shown, listed by role, and told about without their e-mail', async () => {
    const user = await newUser(['operator']);
    expect(user).toMatchObject({
      roles: ['operator'],
      status: 'active',
      lastLoginAt: null,
      displayName: 'Somebody New',
    });
    expect((await identity.ask(getUser, { params: { id: user.id } }, admin)).body).toEqual(user);
    const operators = await identity.ask(listUsers, { query: { role: 'operator' } }, admin);
    expect(new Set(operators.body.data.map((one) => one.email))).toEqual(
      new Set([user.email, EMAIL.operator]),
    );
    const told = (await identity.events('user.registered')).find((event) => event.subject === user.id);
    expect(told).toMatchObject({
      aggregateversion: 1,
      actortype: 'user',
      data: { user: { id: user.id, roles: ['operator'] } },
    });
    expect(JSON.stringify(told)).not.toContain(user.email);
  });

  it('are listed page by page, none twice and none missing', async () => {
    for (let n = 0; n < 3; n++) await newUser();
    const whole = await identity.ask(listUsers, { query: { limit: 200 } }, admin);
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const query = { limit: 2, ...(cursor === undefined ? {} : { cursor }) };
      const { body } = await identity.ask(listUsers, { query }, admin);
      seen.push(...body.data.map((user) => user.id));
      cursor = body.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(seen).toEqual(whole.body.data.map((user) => user.id));
  });

  it('have their e-mail once in a tenant, also when two ask at once', async () => {
    const body = { email: `${randomUUID()}@forge.test`, displayName: 'Twin', roles: ['user' as const] };
    const both = await Promise.all([1, 2].map(async () => await identity.ask(createUser, { body }, admin)));
    expect(both.map((one) => one.status).toSorted((a, b) => a - b)).toEqual([201, 409]);
    const again = await identity.ask(
      createUser,
      { body: { ...body, email: body.email.toUpperCase() } },
      admin,
    );
    expect(again.code).toBe('email_exists');
  });

  it('are made once per Idempotency-Key, and nothing of them lies open in the database', async () => {
    const body = {
      email: `${randomUUID()}@forge.test`,
      displayName: 'Anna Ärmel',
      roles: ['user' as const],
      password: PASSWORD,
    };
    const ask = async (more = {}) =>
      await identity.ask(
        createUser,
        { body: { ...body, ...more }, headers: { 'idempotency-key': 'key-1' } },
        admin,
      );
    const [first, second] = await Promise.all([ask(), ask()]);
    expect(second.body).toEqual(first.body);
    const replies = [first, second, await ask()];
    expect(new Set(replies.map((reply) => reply.headers.get('location'))).size).toBe(1);
    const replayed = replies.map((reply) => reply.headers.get('idempotent-replayed'));
    expect(replayed.filter((header) => header === 'true')).toHaveLength(2);
    expect((await ask({ displayName: 'Another' })).code).toBe('idempotency_key_reused');
    for (const table of ['users', 'outbox', 'idempotency_keys', 'refresh_families', 'sign_in_throttles']) {
      const rows = JSON.stringify(await identity.database.query(`SELECT * FROM ${table}`));
      for (const text of [body.email, 'Ärmel', PASSWORD]) expect(rows).not.toContain(text);
    }
  });

  it('lose sessions and keys at once when they are suspended, and do not get them back', async () => {
    const user = await newUser();
    const pair = await identity.signIn(user.email);
    const { key } = (await identity.ask(ROUTES.createApiKey, { body: { name: 'mine' } }, pair)).body;
    expect((await identity.ask(getMe, {}, { apiKey: key })).status).toBe(200);
    const suspend = { params: { id: user.id }, body: { status: 'suspended' as const } };
    expect((await identity.ask(updateUser, suspend, admin)).body.status).toBe('suspended');
    const refused = { status: 401, code: 'unauthenticated' };
    expect(await identity.ask(getMe, {}, pair)).toMatchObject(refused);
    expect(await identity.ask(getMe, {}, { apiKey: key })).toMatchObject(refused);
    expect((await identity.ask(ROUTES.refresh, { body: { refreshToken: pair.refreshToken } })).status).toBe(
      401,
    );
    const credentials = { email: user.email, password: PASSWORD };
    expect((await identity.ask(ROUTES.login, { body: credentials })).code).toBe('invalid_credentials');
    await identity.ask(updateUser, { params: { id: user.id }, body: { status: 'active' } }, admin);
    expect(await identity.ask(getMe, {}, { apiKey: key })).toMatchObject(refused);
    expect((await identity.ask(ROUTES.login, { body: credentials })).status).toBe(200);
    const versions = (await identity.events('user.updated')).filter((event) => event.subject === user.id);
    expect(versions.map((event) => event.aggregateversion)).toEqual([2, 3]);
    const rename = { displayName: 'Another', roles: user.roles, status: 'active' as const };
    await identity.ask(updateUser, { params: { id: user.id }, body: rename }, admin);
    const told = (await identity.events('user.updated')).filter((event) => event.subject === user.id);
    expect(told.map(({ data }) => data)).toMatchObject(
      [true, true, false].map((rightsChanged) => ({ rightsChanged })),
    );
  });

  it('get and lose rights at the next request', async () => {
    const user = await newUser(['user']);
    const pair = await identity.signIn(user.email);
    const list = async () => (await identity.ask(listUsers, {}, pair)).status;
    expect(await list()).toBe(403);
    await identity.ask(updateUser, { params: { id: user.id }, body: { roles: ['admin'] } }, admin);
    expect(await list()).toBe(200);
    await identity.ask(updateUser, { params: { id: user.id }, body: { roles: ['user'] } }, admin);
    expect(await list()).toBe(403);
  });

  it('are not made super administrators, nor is one touched, by the admin of a tenant', async () => {
    const body = {
      email: `${randomUUID()}@forge.test`,
      displayName: 'Evil',
      roles: ['super_admin' as const],
    };
    expect((await identity.ask(createUser, { body }, admin)).code).toBe('permission_denied');
    const { id } = (await identity.ask(getMe, {}, root)).body;
    const suspend = { params: { id }, body: { status: 'suspended' as const } };
    expect((await identity.ask(updateUser, suspend, admin)).code).toBe('permission_denied');
    const me = (await identity.ask(getMe, {}, admin)).body.id;
    const rise = { params: { id: me }, body: { roles: ['super_admin' as const] } };
    expect((await identity.ask(updateUser, rise, admin)).code).toBe('permission_denied');
  });
});

describe('tenants', () => {
  async function newTenant(name: string) {
    const email = `${randomUUID()}@forge.test`;
    const body = {
      name,
      plan: 'pro' as const,
      limits: { maxWallets: 7 },
      admin: { email, password: PASSWORD, displayName: 'Boss' },
    };
    const made = await identity.ask(createTenant, { body }, root);
    expect(made).toMatchObject({
      status: 201,
      body: { name, status: 'active', limits: { maxWallets: 7, maxTransactionsPerDay: 10_000 } },
    });
    return { ...made.body, credential: await identity.signIn(email) };
  }

  it('are made by the super administrator alone', async () => {
    const body = {
      name: 'Mine',
      plan: 'free' as const,
      admin: { email: 'x@forge.test', password: PASSWORD, displayName: 'X' },
    };
    expect((await identity.ask(createTenant, { body }, admin)).code).toBe('permission_denied');
    expect((await identity.ask(listTenants, {}, admin)).code).toBe('permission_denied');
  });

  it('know nothing of one another', async () => {
    const other = await newTenant('Other');
    const { id } = (await identity.ask(getMe, {}, admin)).body;
    expect((await identity.ask(getUser, { params: { id } }, other.credential)).status).toBe(404);
    const suspend = { params: { id }, body: { status: 'suspended' as const } };
    expect((await identity.ask(updateUser, suspend, other.credential)).status).toBe(404);
    const theirs = (await identity.ask(listUsers, {}, other.credential)).body.data;
    expect(theirs.map((user) => user.id)).toEqual([other.adminUserId]);
    expect((await identity.ask(getMe, {}, admin)).status).toBe(200);
  });

  it('end for all their people at once when they are suspended', async () => {
    const other = await newTenant('Gone');
    const suspend = { params: { id: other.id }, body: { status: 'suspended' as const } };
    expect((await identity.ask(updateTenant, suspend, root)).body.status).toBe('suspended');
    expect((await identity.ask(getMe, {}, other.credential)).status).toBe(401);
    const own = (await identity.ask(getMe, {}, root)).body.tenantId;
    const selfish = { params: { id: own }, body: { status: 'suspended' as const } };
    expect((await identity.ask(updateTenant, selfish, root)).code).toBe('illegal_transition');
    const told = (await identity.events('tenant.updated')).find((event) => event.subject === other.id);
    expect(told).toMatchObject({ aggregateversion: 2, tenantid: other.id });
  });

  it('keep one active admin, also when two admins put each other out at once', async () => {
    const other = await newTenant('Pair');
    const email = `${randomUUID()}@forge.test`;
    const body = { email, displayName: 'Second', roles: ['admin' as const], password: PASSWORD };
    const second = (await identity.ask(createUser, { body }, other.credential)).body;
    // Both are admins when they ask: whoever were looked up after the other's change would be refused for another reason.
    const [first, rival] = [
      { caller: await identity.prove(other.credential) },
      { caller: await identity.prove(await identity.signIn(email)) },
    ];
    const demote = { roles: ['user' as const] };
    const both = await Promise.all([
      identity.ask(updateUser, { params: { id: second.id }, body: demote }, first),
      identity.ask(updateUser, { params: { id: other.adminUserId }, body: demote }, rival),
    ]);
    expect(both.map((reply) => reply.status).toSorted((a, b) => a - b)).toEqual([200, 409]);
  });
});
