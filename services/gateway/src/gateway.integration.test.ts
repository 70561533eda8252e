import { connect } from 'node:net';
import { asyncApiDocument, ERRORS, problem, type Route, ROUTES } from '@ironforge/contracts';
import { waitUntil } from '@ironforge/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { startTestGateway, type TestGateway } from './gateway.fixture.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(async () => await gateway[Symbol.asyncDispose]());

const healthSummary = z.object({ status: z.string(), services: z.record(z.string(), z.string()) });
const ID = '3f2504e0-4f89-41d3-9a0c-0305e82c3301';

async function problemOf(response: Response) {
  expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  return problem.parse(await response.json());
}

describe('the way in', () => {
  it('leads a signed-in person to the service that owns the route', async () => {
    const me = await gateway.ask(ROUTES.getMe, {}, await gateway.signIn('admin@forge.test'));
    expect(me.status).toBe(200);
    expect(ROUTES.getMe.reply.parse(await me.json())).toMatchObject({
      email: 'admin@forge.test',
      roles: ['admin'],
    });
  });

  it('takes an API key until it is revoked, and not one request longer', async () => {
    const token = await gateway.signIn('admin@forge.test');
    const made = await gateway.ask(ROUTES.createApiKey, { body: { name: 'key' } }, token);
    const { key, id } = ROUTES.createApiKey.reply.parse(await made.json());
    expect((await gateway.ask(ROUTES.getMe, {}, key)).status).toBe(200);
    expect((await gateway.ask(ROUTES.deleteApiKey, { params: { id } }, token)).status).toBe(204);
    expect((await gateway.ask(ROUTES.getMe, {}, key)).status).toBe(401);
  });

  it.each(Object.entries<Route>(ROUTES).filter(([, route]) => route.access !== 'public'))(
    'lets nobody into %s without a credential',
    async (_id, route) => {
      const path = route.path.replaceAll(/\{\w+\}/g, ID);
      const answers = [
        await gateway.send(path, { method: route.method }),
        await gateway.send(path, {
          method: route.method,
          headers: { authorization: 'Bearer made.up.token' },
        }),
        await gateway.send(path, {
          method: route.method,
          headers: { authorization: `Bearer ifk_${'0'.repeat(32)}_x` },
        }),
      ];
      for (const answer of answers) {
        expect(answer.headers.get('www-authenticate')).toBe('Bearer');
        expect(await problemOf(answer)).toMatchObject({ status: 401, code: 'unauthenticated' });
      }
    },
  );

  it('believes nothing that a client says about itself', async () => {
    const headers = {
      'x-client-ip': '203.0.113.7',
      'x-forwarded-for': '203.0.113.7',
      'content-type': 'application/json',
    };
    const body = JSON.stringify({ email: 'admin@forge.test', password: 'wrong' });
    await gateway.send('/v1/auth/login', { method: 'POST', headers, body });
    const [row] = await gateway.database.query(
      `SELECT body FROM outbox WHERE routing_key = 'session.login_failed'`,
    );
    expect(JSON.parse(String(row?.['body']))).toMatchObject({ clientip: '127.0.0.1' });
  });

  it.each(['/internal/authenticate', '/internal/users/resolve', '/metrics', '/v1/nothing', '/'])(
    'does not lead to %s',
    async (path) => {
      const answer = await gateway.send(path, { method: 'POST' });
      expect(await problemOf(answer)).toMatchObject({ status: 404, code: 'not_found', instance: path });
    },
  );

  it('names the methods that a path takes', async () => {
    const answer = await gateway.send('/v1/users', { method: 'DELETE' });
    expect(answer.headers.get('allow')).toBe('GET, HEAD, POST');
    expect(await problemOf(answer)).toMatchObject({ status: 405, code: 'method_not_allowed' });
  });

  it('passes on what the service refuses', async () => {
    const send = async (body: string, type = 'application/json') =>
      await problemOf(
        await gateway.send('/v1/auth/login', { method: 'POST', body, headers: { 'content-type': type } }),
      );
    expect(await send('{')).toMatchObject({ status: 400, code: 'malformed_json' });
    expect(await send('{"email":"a","password":"b","x":1}')).toMatchObject({
      status: 422,
      errors: [{ pointer: '/x', code: 'unknown_field' }],
    });
    expect(await send('a=b', 'text/plain')).toMatchObject({ status: 415 });
    expect(await send(JSON.stringify({ email: 'a'.repeat(1_100_000) }))).toMatchObject({ status: 413 });
  });

  it('says that a service is away, and when to come back', async () => {
    const answer = await gateway.ask(ROUTES.listWallets, {}, await gateway.signIn('admin@forge.test'));
    expect(answer.headers.get('retry-after')).toBe('1');
    expect(await problemOf(answer)).toMatchObject({ status: 503, code: 'dependency_down' });
    // One that is busy for a moment counts as not ready, so the summary is asked for until it has found identity.
    const health = await waitUntil('identity to be ready', async () => {
      const summary = healthSummary.parse(await (await gateway.send('/healthz')).json());
      return summary.services['identity'] === 'ready' ? summary : null;
    });
    expect(health).toMatchObject({ status: 'degraded', services: { audit: 'not_ready' } });
    expect((await gateway.send('/readyz')).status).toBe(200);
  });
});

describe('the documents', () => {
  it('are OpenAPI 3.1 of every route', async () => {
    const document = await (await gateway.send('/v1/openapi.json')).json();
    expect(document).toMatchObject({ openapi: '3.1.0', servers: [{ url: 'http://gateway.test' }] });
  });

  it('are AsyncAPI 3.0 of every message, sent like the other', async () => {
    const answers = [await gateway.send('/v1/openapi.json'), await gateway.send('/v1/asyncapi.json')];
    const [other, own] = answers.map(({ headers }) =>
      [...headers.keys()]
        .filter((name) => !['content-length', 'date', 'etag', 'ratelimit', 'x-request-id'].includes(name))
        .map((name) => `${name}: ${headers.get(name)}`),
    );
    expect(own).toEqual(other);
    expect(await answers[1]?.json()).toEqual(asyncApiDocument());
    expect(await (await gateway.send('/docs')).text()).toContain('href="/v1/asyncapi.json"');
  });

  it('are a reference that loads nothing from elsewhere', async () => {
    const answer = await gateway.send('/docs');
    const text = await answer.text();
    for (const { path } of Object.values<Route>(ROUTES)) expect(text).toContain(path);
    expect(text).not.toMatch(/<script|(src|href)="(https?:)?\/\//);
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect((await gateway.send('/docs/style.css')).headers.get('content-type')).toMatch(/^text\/css/);
  });

  it('explain every error code where its type leads', async () => {
    for (const code of Object.keys(ERRORS)) expect((await gateway.send(`/errors/${code}`)).status).toBe(200);
    expect((await gateway.send('/errors/nonsense')).status).toBe(404);
  });
});

it('cuts off a client that never ends its headers', async () => {
  const { port } = new URL(gateway.url);
  const { promise: closed, resolve } = Promise.withResolvers<void>();
  const socket = connect(Number(port), '127.0.0.1', () =>
    socket.write('GET /healthz HTTP/1.1\r\nHost: a\r\nX-Slow: '),
  );
  socket
    .on('close', () => resolve())
    .on('error', () => {})
    .resume();
  const drip = setInterval(() => socket.write('a'), 500);
  await closed;
  clearInterval(drip);
});
