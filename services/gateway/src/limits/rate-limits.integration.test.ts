import { problem, ROUTES } from '@ironforge/contracts';
import { expect, it } from 'vitest';
import { PASSWORD, startTestGateway } from '../gateway.fixture.ts';

it("holds a tenant to its plan's requests per minute, and says when to come back", async () => {
  await using gateway = await startTestGateway();
  const root = await gateway.signIn('root@forge.test');
  const admin = { email: 'small@forge.test', password: PASSWORD, displayName: 'Small' };
  const body = { name: 'Small', plan: 'free' as const, limits: { requestsPerMinute: 3 }, admin };
  expect((await gateway.ask(ROUTES.createTenant, { body }, root)).status).toBe(201);
  const token = await gateway.signIn('small@forge.test');
  const answers = [];
  for (let n = 0; n < 4; n++) answers.push(await gateway.ask(ROUTES.getMe, {}, token));
  expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200, 429]);
  const [first, , , last] = answers;
  expect(first?.headers.get('ratelimit-policy')).toContain('"tenant";q=3;w=60');
  expect(first?.headers.get('ratelimit')).toMatch(/"tenant";r=2;t=\d+/);
  expect(Number(last?.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(problem.parse(await last?.json()).code).toBe('rate_limited');
  expect((await gateway.ask(ROUTES.getMe, {}, root)).status).toBe(200);
});

it('still limits, and still answers, while Redis is down', async () => {
  await using gateway = await startTestGateway({ IP_REQUESTS_PER_MINUTE: '20' });
  gateway.redis.refuse();
  const statuses = [];
  for (let n = 0; n < 25; n++) statuses.push((await gateway.ask(ROUTES.getMe, {})).status);
  expect(statuses.slice(0, 20)).toEqual(Array(20).fill(401));
  expect(statuses.slice(20)).toEqual(Array(5).fill(429));
});

it('counts what the gateway answers itself by address too, while Redis is down as well, but for its readiness', async () => {
  await using gateway = await startTestGateway({ IP_REQUESTS_PER_MINUTE: '20', REQUESTS_PER_SECOND: '1' });
  gateway.redis.refuse();
  const statuses = [];
  for (let n = 0; n < 22; n++) statuses.push((await gateway.send('/healthz')).status);
  expect(statuses).toEqual([...Array<number>(20).fill(200), 429, 429]);
  expect((await gateway.send('/docs')).status).toBe(429);
  expect((await gateway.send('/readyz')).status).toBe(200);
});

it('counts what no route takes by address too', async () => {
  await using gateway = await startTestGateway({ IP_REQUESTS_PER_MINUTE: '4' });
  const statuses = [];
  for (const path of [
    '/v1/nothing',
    '/v1/users',
    '/v1/users/%ff',
    '/internal/authenticate',
    '/v1/nothing',
    '/v1/users',
  ])
    statuses.push((await gateway.send(path, { method: 'PATCH' })).status);
  expect(statuses).toEqual([404, 405, 404, 404, 429, 429]);
});

it('counts a network of IPv6 as one address, since one client has all of its addresses', async () => {
  await using gateway = await startTestGateway({ IP_REQUESTS_PER_MINUTE: '3', TRUSTED_PROXIES: '1' });
  const from = async (ip: string) =>
    (await gateway.send('/docs', { headers: { 'x-forwarded-for': ip } })).status;
  const statuses = [];
  for (const host of [1, 2, 3, 4]) statuses.push(await from(`2001:db8:1:2::${host}`));
  expect(statuses).toEqual([200, 200, 200, 429]);
  expect(await from('2001:db8:1:3::1')).toBe(200);
});

it('does not count what one address is refused against what everybody shares', async () => {
  const limits = { IP_REQUESTS_PER_MINUTE: '3', REQUESTS_PER_SECOND: '10', TRUSTED_PROXIES: '1' };
  await using gateway = await startTestGateway(limits);
  const from = async (ip: string) =>
    (await gateway.send('/v1/me', { headers: { 'x-forwarded-for': ip } })).status;
  const flood = await Promise.all(Array.from({ length: 40 }, () => from('192.0.2.1')));
  expect(flood.filter((status) => status === 401)).toHaveLength(3);
  expect(await from('192.0.2.2')).toBe(401);
});
