import { ROUTES } from '@ironforge/contracts';
import { hash } from '@node-rs/argon2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EMAIL, PASSWORD, startTestIdentity, type TestIdentity } from '../identity.fixture.ts';
import { REFUSAL_FLOOR_MS } from './no-earlier-than.ts';

let identity: TestIdentity;
beforeAll(async () => {
  identity = await startTestIdentity();
});
afterAll(async () => await identity[Symbol.asyncDispose]());

const { changePassword, login, refresh, logout, getMe } = ROUTES;

describe('login', () => {
  it('gives a pair of tokens, and the access token shows who one is', async () => {
    const signedIn = await identity.ask(login, { body: { email: 'Admin@Forge.test ', password: PASSWORD } });
    expect(signedIn).toMatchObject({ status: 200, body: { tokenType: 'Bearer', expiresIn: 900 } });
    const me = await identity.ask(getMe, {}, signedIn.body);
    expect(me.body).toMatchObject({ email: EMAIL.admin, roles: ['admin'] });
    expect(me.body.permissions).toContain('users:write');
    const told = await identity.events('session.login_succeeded');
    expect(told).toMatchObject([{ clientip: '192.0.2.1', actorid: me.body.id }]);
  });

  it('answers the same, in the same time, to a wrong password and an unknown account', async () => {
    const timed = async (email: string) => {
      const start = performance.now();
      const reply = await identity.ask(login, { ip: '192.0.2.9', body: { email, password: 'wrong' } });
      return { code: reply.code, status: reply.status, ms: performance.now() - start };
    };
    const refused = { status: 401, code: 'invalid_credentials' };
    for (const email of [EMAIL.admin, 'nobody@forge.test', EMAIL.admin, 'nobody@forge.test', EMAIL.admin]) {
      const { ms, ...answer } = await timed(email);
      expect(answer).toEqual(refused);
      // Both wait for the same moment, which lies far beyond what either of them needs.
      expect(ms).toBeGreaterThan(REFUSAL_FLOOR_MS - 2);
    }
    const told = await identity.events('session.login_failed');
    expect(told).toHaveLength(3);
    for (const { data } of told) expect(data).toMatchObject({ reason: 'wrong_password' });
  });

  it('slows down guesses at one account, whether it exists or not', async () => {
    for (const email of ['guessed@forge.test', EMAIL.operator]) {
      const guess = async (ip: string) =>
        await identity.ask(login, { ip, body: { email, password: 'wrong' } });
      const first = await Promise.all([1, 2, 3, 4, 5].map(async (n) => await guess(`192.0.2.${100 + n}`)));
      expect(first.map((reply) => reply.code)).toEqual(Array(5).fill('invalid_credentials'));
      const blocked = await guess('192.0.2.120');
      expect(blocked).toMatchObject({ status: 429, code: 'too_many_attempts' });
      expect(Number(blocked.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    }
    const right = { email: EMAIL.operator, password: PASSWORD };
    expect((await identity.ask(login, { body: right })).code).toBe('too_many_attempts');
    identity.clock.now = new Date(identity.clock.now.getTime() + 2_000);
    expect((await identity.ask(login, { body: right })).status).toBe(200);
  });

  it('refuses an e-mail that is in two tenants unless one is named', async () => {
    const { accessToken } = await identity.signIn(EMAIL.superAdmin);
    const admin = { email: EMAIL.admin, password: PASSWORD, displayName: 'Another' };
    const body = { name: 'Second', plan: 'free' as const, admin };
    const made = await identity.ask(ROUTES.createTenant, { body }, { accessToken });
    expect(made).toMatchObject({
      status: 201,
      body: { limits: { maxWallets: 10, maxTransactionsPerDay: 100 } },
    });
    const credentials = { email: EMAIL.admin, password: PASSWORD };
    expect((await identity.ask(login, { body: credentials })).code).toBe('invalid_credentials');
    for (const tenant of ['Second', made.body.id]) {
      const signedIn = await identity.ask(login, { body: { ...credentials, tenant } });
      expect((await identity.ask(getMe, {}, signedIn.body)).body.tenantId).toBe(made.body.id);
    }
    expect((await identity.ask(login, { body: { ...credentials, tenant: 'Forge' } })).status).toBe(200);
  });
});

describe('a hash by weaker parameters', () => {
  const body = { email: EMAIL.operator, password: PASSWORD };
  const weaken = async () => {
    const weak = await hash(PASSWORD, { memoryCost: 8_192, timeCost: 1, parallelism: 1 });
    const sql =
      "UPDATE users SET password_hash = $1 WHERE id IN (SELECT user_id FROM user_roles WHERE role = 'operator')";
    await identity.database.query(sql, [weak]);
  };

  it('is replaced at a sign-in, and those beside it get in as well', async () => {
    await weaken();
    const replies = await Promise.all([1, 2, 3, 4].map(async () => await identity.ask(login, { body })));
    expect(replies.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  });

  it('is replaced while its owner changes the password, who is not disturbed', async () => {
    const tokens = await identity.signIn(EMAIL.operator);
    await weaken();
    const change = { body: { currentPassword: PASSWORD, newPassword: 'another horse, another battery' } };
    const back = { body: { currentPassword: change.body.newPassword, newPassword: PASSWORD } };
    const [changed] = await Promise.all([
      identity.ask(changePassword, change, tokens),
      identity.ask(login, { body }),
    ]);
    expect(changed).toMatchObject({ status: 200 });
    expect(await identity.ask(changePassword, back, changed.body)).toMatchObject({ status: 200 });
  });
});

describe('refresh', () => {
  it('changes the token, and ends the session when an old one comes back', async () => {
    const first = await identity.signIn(EMAIL.operator);
    const second = await identity.ask(refresh, { body: { refreshToken: first.refreshToken } });
    expect(second.status).toBe(200);
    expect((await identity.ask(getMe, {}, second.body)).status).toBe(200);
    const reused = await identity.ask(refresh, { body: { refreshToken: first.refreshToken } });
    expect(reused).toMatchObject({ status: 401, code: 'invalid_refresh_token' });
    const next = await identity.ask(refresh, { body: { refreshToken: second.body.refreshToken } });
    expect(next.code).toBe('invalid_refresh_token');
    expect((await identity.ask(getMe, {}, second.body)).code).toBe('unauthenticated');
    expect(await identity.events('security.refresh_token_reused')).toHaveLength(1);
  });

  it('is not fooled by a made-up token of a living session', async () => {
    const { refreshToken } = await identity.signIn(EMAIL.operator);
    const forged = refreshToken.replace(/_([A-Za-z0-9_-]{43})_/, `_${'A'.repeat(43)}_`);
    expect((await identity.ask(refresh, { body: { refreshToken: forged } })).code).toBe(
      'invalid_refresh_token',
    );
    expect((await identity.ask(refresh, { body: { refreshToken } })).status).toBe(200);
  });

  it('gives one of two uses at once a new pair, and ends the session', async () => {
    const { refreshToken } = await identity.signIn(EMAIL.operator);
    const both = await Promise.all(
      [1, 2].map(async () => await identity.ask(refresh, { body: { refreshToken } })),
    );
    expect(both.map((reply) => reply.status).toSorted((a, b) => a - b)).toEqual([200, 401]);
    const winner = both.find((reply) => reply.status === 200)?.body.refreshToken ?? '';
    expect((await identity.ask(refresh, { body: { refreshToken: winner } })).status).toBe(401);
  });

  it('ends after 7 days without use', async () => {
    const { refreshToken } = await identity.signIn(EMAIL.operator);
    identity.clock.now = new Date(identity.clock.now.getTime() + 7 * 24 * 3600 * 1000 + 1);
    expect((await identity.ask(refresh, { body: { refreshToken } })).code).toBe('invalid_refresh_token');
  });
});

it('logs out: both tokens end at once', async () => {
  const pair = await identity.signIn(EMAIL.operator);
  expect((await identity.ask(logout, { body: { refreshToken: pair.refreshToken } })).status).toBe(204);
  expect((await identity.ask(getMe, {}, pair)).code).toBe('unauthenticated');
  expect((await identity.ask(refresh, { body: { refreshToken: pair.refreshToken } })).status).toBe(401);
  expect((await identity.ask(logout, { body: { refreshToken: 'whatever' } })).status).toBe(204);
});

it('takes an access token for 15 minutes', async () => {
  const pair = await identity.signIn(EMAIL.operator);
  identity.clock.now = new Date(identity.clock.now.getTime() + 899_000);
  expect((await identity.ask(getMe, {}, pair)).status).toBe(200);
  identity.clock.now = new Date(identity.clock.now.getTime() + 2_000);
  expect((await identity.ask(getMe, {}, pair)).code).toBe('unauthenticated');
});
