import { ROUTES } from '@ironforge/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { type Credential, EMAIL, startTestIdentity, type TestIdentity } from '../identity.fixture.ts';

let identity: TestIdentity;
let admin: Credential;
beforeAll(async () => {
  identity = await startTestIdentity();
  admin = await identity.signIn(EMAIL.admin);
});
afterAll(async () => await identity[Symbol.asyncDispose]());

const { createApiKey, listApiKeys, deleteApiKey, getMe, listUsers } = ROUTES;

type KeyBody = z.input<typeof createApiKey.body>;

async function newKey(body: KeyBody, who: Credential = admin) {
  return await identity.ask(createApiKey, { body }, who);
}

it('is shown once, stored as a keyed hash, listed without its secret', async () => {
  const made = await newKey({ name: 'robot' });
  expect(made.body.key).toMatch(/^ifk_[0-9a-f]{32}_[A-Za-z0-9_-]{43}$/);
  const me = await identity.ask(getMe, {}, { apiKey: made.body.key });
  expect(me.body).toMatchObject({ email: EMAIL.admin, roles: ['admin'] });
  const listed = await identity.ask(listApiKeys, {}, admin);
  expect(listed.body.data).toMatchObject([{ id: made.body.id, name: 'robot' }]);
  expect(listed.body.data[0]?.lastUsedAt).not.toBeNull();
  const secret = made.body.key.slice(-43);
  expect(
    JSON.stringify([
      listed.body,
      identity.log.lines,
      await identity.database.query('SELECT * FROM api_keys'),
    ]),
  ).not.toContain(secret);
  const [told] = await identity.events('api_key.created');
  expect(told).toMatchObject({
    aggregateversion: 1,
    data: { apiKey: { id: made.body.id, name: 'robot', permissions: null } },
  });
  expect(JSON.stringify(told)).not.toContain(secret);
});

it('is made once per Idempotency-Key and shown again, though it does not lie open in the database', async () => {
  const input = { body: { name: 'again' }, headers: { 'idempotency-key': 'key-7' } };
  const [first, second] = [
    await identity.ask(createApiKey, input, admin),
    await identity.ask(createApiKey, input, admin),
  ];
  expect(second.body).toEqual(first.body);
  expect(second.headers.get('idempotent-replayed')).toBe('true');
  const rows = JSON.stringify(await identity.database.query('SELECT * FROM idempotency_keys'));
  expect(rows).not.toContain(first.body.key.slice(-43));
});

it('does no more than its scope, and makes no key that does', async () => {
  const made = await newKey({ name: 'narrow', permissions: ['api_keys:write', 'wallets:read'] });
  const narrow = { apiKey: made.body.key };
  expect((await identity.ask(getMe, {}, narrow)).body.permissions).toEqual([
    'api_keys:write',
    'wallets:read',
  ]);
  expect((await identity.ask(listUsers, {}, narrow)).code).toBe('permission_denied');
  expect((await newKey({ name: 'wide', permissions: ['users:write'] }, narrow)).code).toBe(
    'permission_denied',
  );
  const child = await newKey({ name: 'child' }, narrow);
  expect(child.body.permissions).toEqual(['api_keys:write', 'wallets:read']);
});

describe('a key made with a key', () => {
  const inMs = (ms: number) => new Date(identity.clock.now.getTime() + ms).toISOString();

  it('ends with its maker when it is told no time, and earlier when it is', async () => {
    const expiresAt = inMs(3_600_000);
    const maker = { apiKey: (await newKey({ name: 'an hour', expiresAt })).body.key };
    expect((await newKey({ name: 'child' }, maker)).body.expiresAt).toBe(expiresAt);
    const sooner = inMs(60_000);
    expect((await newKey({ name: 'child', expiresAt: sooner }, maker)).body.expiresAt).toBe(sooner);
    const later = await newKey({ name: 'child', expiresAt: inMs(3_600_001) }, maker);
    expect(later).toMatchObject({ status: 403, code: 'permission_denied' });
  });

  it('works from its maker’s addresses, or from some of them', async () => {
    const allowedIps = ['192.0.2.1', '2001:db8::7'];
    const maker = { apiKey: (await newKey({ name: 'office', allowedIps })).body.key };
    expect((await newKey({ name: 'child' }, maker)).body.allowedIps).toEqual(allowedIps);
    const narrower = await newKey({ name: 'child', allowedIps: ['2001:DB8:0::7'] }, maker);
    expect(narrower.body.allowedIps).toEqual(['2001:db8::7']);
    const wider = await newKey({ name: 'child', allowedIps: ['192.0.2.1', '192.0.2.2'] }, maker);
    expect(wider).toMatchObject({ status: 403, code: 'permission_denied' });
  });

  it('is free where its maker is', async () => {
    const maker = { apiKey: (await newKey({ name: 'free' })).body.key };
    expect((await newKey({ name: 'child' }, maker)).body).toMatchObject({
      expiresAt: null,
      allowedIps: null,
    });
    const limits = { expiresAt: inMs(60_000), allowedIps: ['192.0.2.2'] };
    expect((await newKey({ name: 'child', ...limits }, maker)).body).toMatchObject(limits);
  });

  it('is not made any more when its maker was revoked after he was let in', async () => {
    const made = await newKey({ name: 'gone' });
    const caller = await identity.prove({ apiKey: made.body.key });
    await identity.ask(deleteApiKey, { params: { id: made.body.id } }, admin);
    expect((await newKey({ name: 'child' }, { caller })).code).toBe('unauthenticated');
  });
});

it('ends with the key that it was made by, and so does what it made; its siblings do not', async () => {
  const root = await newKey({ name: 'root' });
  const child = await newKey({ name: 'child' }, { apiKey: root.body.key });
  const grandchild = await newKey({ name: 'grandchild' }, { apiKey: child.body.key });
  const sibling = await newKey({ name: 'sibling' }, { apiKey: root.body.key });
  const works = async ({ body }: typeof root) => (await identity.ask(getMe, {}, { apiKey: body.key })).status;
  await identity.ask(deleteApiKey, { params: { id: child.body.id } }, admin);
  expect([await works(root), await works(child), await works(grandchild), await works(sibling)]).toEqual([
    200, 401, 401, 200,
  ]);
  await identity.ask(deleteApiKey, { params: { id: root.body.id } }, admin);
  expect([await works(root), await works(sibling)]).toEqual([401, 401]);
  const told = (await identity.events('api_key.revoked')).map(({ subject }) => subject);
  for (const { body } of [root, child, grandchild, sibling])
    expect(told.filter((subject) => subject === body.id)).toHaveLength(1);
});

it('ends when it is revoked, and at its time', async () => {
  const expiresAt = new Date(identity.clock.now.getTime() + 60_000).toISOString();
  const [lasting, short] = [await newKey({ name: 'lasting' }), await newKey({ name: 'short', expiresAt })];
  const works = async (key: string) => (await identity.ask(getMe, {}, { apiKey: key })).status;
  expect([await works(lasting.body.key), await works(short.body.key)]).toEqual([200, 200]);
  identity.clock.now = new Date(identity.clock.now.getTime() + 60_001);
  expect([await works(lasting.body.key), await works(short.body.key)]).toEqual([200, 401]);
  const revoke = { params: { id: lasting.body.id } };
  expect((await identity.ask(deleteApiKey, revoke, admin)).status).toBe(204);
  expect(await works(lasting.body.key)).toBe(401);
  expect((await identity.ask(deleteApiKey, revoke, admin)).status).toBe(404);
  const told = (await identity.events('api_key.revoked')).find((event) => event.subject === lasting.body.id);
  expect(told?.aggregateversion).toBe(2);
});

it('works from its addresses only, and is not revoked by a stranger', async () => {
  const made = await newKey({ name: 'office', allowedIps: ['::ffff:192.0.2.77', '2001:DB8:0::7'] });
  const from = async (ip: string) => (await identity.ask(getMe, { ip }, { apiKey: made.body.key })).status;
  expect([await from('192.0.2.77'), await from('2001:db8::7'), await from('192.0.2.78')]).toEqual([
    200, 200, 401,
  ]);
  const operator = await identity.signIn(EMAIL.operator);
  expect((await identity.ask(deleteApiKey, { params: { id: made.body.id } }, operator)).status).toBe(404);
});

it('is refused with another secret, another form, or nothing', async () => {
  const { key } = (await newKey({ name: 'real' })).body;
  for (const apiKey of [`${key.slice(0, -1)}${key.endsWith('A') ? 'B' : 'A'}`, key.slice(0, -1), 'ifk_x']) {
    expect((await identity.ask(getMe, {}, { apiKey })).code).toBe('unauthenticated');
  }
});
