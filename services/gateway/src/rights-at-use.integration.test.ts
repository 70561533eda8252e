import { problem, ROUTES } from '@ironforge/contracts';
import { waitUntil } from '@ironforge/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { PASSWORD, startTestGateway, type TestGateway } from './gateway.fixture.ts';

let gateway: TestGateway;
let root: string;
beforeAll(async () => {
  gateway = await startTestGateway();
  root = await gateway.signIn('root@forge.test');
});
afterAll(async () => await gateway[Symbol.asyncDispose]());

let tenants = 0;

/** A tenant of its own with one admin who is signed in, and whose rights the gateway knows. */
async function foundTenant() {
  const admin = { email: `admin${++tenants}@rights.test`, password: PASSWORD, displayName: 'Admin' };
  const body = { name: admin.email, plan: 'free' as const, admin };
  const made = await gateway.ask(ROUTES.createTenant, { body }, root);
  const { id } = ROUTES.createTenant.reply.parse(await made.json());
  const token = await gateway.signIn(admin.email);
  const me = await gateway.ask(ROUTES.getMe, {}, token);
  expect(me.status).toBe(200);
  return { id, email: admin.email, token };
}

/** The status that a person gets who asks for himself. */
async function statusOf(token: string): Promise<number> {
  return (await gateway.ask(ROUTES.getMe, {}, token)).status;
}

/** How many questions went to identity about who calls, while something was done. */
async function questionsDuring(work: () => Promise<unknown>): Promise<number> {
  let questions = 0;
  gateway.identity.onRequest((chunk) => {
    if (chunk.includes('POST /internal/authenticate')) questions++;
    return 'pass';
  });
  await work();
  gateway.identity.onRequest(null);
  return questions;
}

it('asks identity once for many requests of one caller', async () => {
  const { token } = await foundTenant();
  const asked = await questionsDuring(async () => {
    for (let n = 0; n < 5; n++) await statusOf(token);
    await Promise.all(Array.from({ length: 20 }, async () => await statusOf(token)));
  });
  // One that came before is known, and two seconds may end meanwhile.
  expect(asked).toBeLessThanOrEqual(2);
});

it('ends the session of a suspended person with the answer that says so', async () => {
  const [admin, clerk] = [await gateway.signIn('admin@forge.test'), await gateway.signIn('clerk@forge.test')];
  const me = ROUTES.getMe.reply.parse(await (await gateway.ask(ROUTES.getMe, {}, clerk)).json());
  const request = { params: { id: me.id }, body: { status: 'suspended' as const } };
  expect((await gateway.ask(ROUTES.updateUser, request, admin)).status).toBe(200);
  expect(await statusOf(clerk)).toBe(401);
});

it('ends the sessions of a suspended tenant with the answer that says so', async () => {
  const [one, other] = [await foundTenant(), await foundTenant()];
  expect([await statusOf(one.token), await statusOf(other.token)]).toEqual([200, 200]);
  const request = { params: { id: one.id }, body: { status: 'suspended' as const } };
  expect((await gateway.ask(ROUTES.updateTenant, request, root)).status).toBe(200);
  expect([await statusOf(one.token), await statusOf(other.token)]).toEqual([401, 200]);
});

it('ends a session with its logout', async () => {
  const { email } = await foundTenant();
  const signedIn = await gateway.ask(ROUTES.login, { body: { email, password: PASSWORD } });
  const { accessToken, refreshToken } = ROUTES.login.reply.parse(await signedIn.json());
  expect(await statusOf(accessToken)).toBe(200);
  expect((await gateway.ask(ROUTES.logout, { body: { refreshToken } })).status).toBe(204);
  expect(await statusOf(accessToken)).toBe(401);
});

it('lets nobody in while identity is away, but for those whom it knew a moment ago', async () => {
  const { token } = await foundTenant();
  await statusOf(token);
  gateway.identity.refuse();
  const isKnown = (response: Response) => response.headers.get('ratelimit-policy')?.includes('"tenant"');
  const answer = await waitUntil('the moment to end', async () => {
    const late = await gateway.ask(ROUTES.listWallets, {}, token);
    return isKnown(late) ? null : late;
  });
  expect(problem.parse(await answer.json())).toMatchObject({ status: 503, code: 'dependency_down' });
  gateway.identity.heal();
  expect(await statusOf(token)).toBe(200);
});
