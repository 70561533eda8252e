import { request as rawRequest } from 'node:http';
import { appError, findSecret, problem } from '@ironforge/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { bind, bindForServices } from './bind.ts';
import type { Listening } from './listen.ts';
import {
  AUDIENCE,
  issuers,
  lateIssuer,
  log,
  person,
  startTestService,
  testRoute,
} from './service-app.fixture.ts';

const ID = '3f2504e0-4f89-41d3-9a0c-0305e82c3301';
const text = z.string().refine((value) => findSecret(value) === null, { error: 'secret_in_request' });
const BODY = z.strictObject({
  note: text.optional(),
  items: z.array(z.strictObject({ 'a/b': z.string() })).optional(),
  mode: z.enum(['ok', 'throw', 'lie', 'down']).optional(),
});
const things = testRoute('wallets:write', BODY);
const keyless = { ...things, path: '/v1/keyless/{id}', idempotency: 'none' } as const;
const internal = { ...testRoute('service', BODY), path: '/internal/things/{id}' };
const open = { ...testRoute('public', BODY), path: '/v1/open/{id}' };

let service: Listening;
beforeAll(async () => {
  service = await startTestService([
    bind(things, async ({ body }) => {
      if (body.mode === 'throw') throw new Error('secret detail of the inside');
      if (body.mode === 'down')
        throw appError('dependency_down', { detail: 'connect ECONNREFUSED 10.0.0.5' });
      return { status: 200, body: body.mode === 'lie' ? { ok: 'yes' } : { ok: true } };
    }),
    bind(keyless, async () => ({ status: 200, body: { ok: true } })),
    bindForServices(internal, async () => ({ status: 200, body: { ok: true } })),
    bindForServices(open, async () => ({ status: 200, body: { ok: true } })),
  ]);
});
afterAll(async () => await service[Symbol.asyncDispose]());

interface Call {
  readonly path?: string;
  readonly method?: string;
  readonly body?: string;
  readonly headers?: Record<string, string>;
  readonly permissions?: string[];
}

async function call({ path = `/v1/things/${ID}`, method = 'POST', ...rest }: Call): Promise<Response> {
  const token = await issuers.gateway(AUDIENCE, person(...(rest.permissions ?? ['wallets:write'])));
  return await fetch(service.url + path, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...rest.headers },
    ...(method === 'POST' ? { body: rest.body ?? '{}' } : {}),
  });
}

async function problemOf(answer: Promise<Response>) {
  const response = await answer;
  expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  const told = problem.parse(await response.json());
  expect(told.status).toBe(response.status);
  expect(told.requestId).toBe(response.headers.get('x-request-id'));
  expect(told.type).toBe(`/errors/${told.code}`);
  return told;
}

describe('a service', () => {
  it('answers what its handler gives', async () => {
    const response = await call({});
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ ok: true });
    expect(response.headers.get('cache-control')).toBe('no-store');
  });

  it('keeps a request id that was given and makes one otherwise', async () => {
    const kept = await call({ headers: { 'x-request-id': 'abcdefgh-1' } });
    expect(kept.headers.get('x-request-id')).toBe('abcdefgh-1');
    const made = await call({ headers: { 'x-request-id': 'no good\u00e9' } });
    expect(made.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it.each([
    ['/v1/nothing', 'POST', 404, 'not_found'],
    [`/v1/things/not-a-uuid`, 'POST', 404, 'not_found'],
    [`/v1/things/%zz`, 'POST', 404, 'not_found'],
    [`/v1/things/${ID}`, 'DELETE', 405, 'method_not_allowed'],
    [`/v1/things/${ID}`, 'GET', 405, 'method_not_allowed'],
  ])('answers %s %s with %i %s', async (path, method, status, code) => {
    expect(await problemOf(call({ path, method }))).toMatchObject({ status, code });
  });

  it('names the methods that a path takes', async () => {
    expect((await call({ method: 'DELETE' })).headers.get('allow')).toBe('POST');
  });

  it.each([['{'], ['{"note":'], ['nonsense'], ['{"note":"a"}}']])('calls %j malformed JSON', async (body) => {
    expect(await problemOf(call({ body }))).toMatchObject({ status: 400, code: 'malformed_json' });
  });

  it.each([
    ['{"other":1}', '/other', 'unknown_field'],
    ['{"items":[{"a/b":"x"},{"a/b":"x","c~d":1}]}', '/items/1/c~0d', 'unknown_field'],
    ['{"items":[{}]}', '/items/0/a~1b', 'required'],
    ['{"items":[{"a/b":7}]}', '/items/0/a~1b', 'invalid_type'],
    ['{"note":"a\\u0000b"}', '/note', 'invalid_text'],
    ['{"note":"\\ud800"}', '/note', 'invalid_text'],
    ['{"__proto__":{"note":"x"}}', '/__proto__', 'invalid_text'],
    ['null', '', 'invalid_type'],
    ['[]', '', 'invalid_type'],
    ['"text"', '', 'invalid_type'],
  ])('refuses the body %s and points at %j', async (body, pointer, code) => {
    const told = await problemOf(call({ body }));
    expect(told).toMatchObject({ status: 422, code: 'validation_failed' });
    expect(told.errors).toContainEqual(expect.objectContaining({ pointer, code }));
  });

  it('tells nobody outside which part is down and how it was reached', async () => {
    const told = await problemOf(call({ body: '{"mode":"down"}' }));
    expect(told).toMatchObject({ status: 503, code: 'dependency_down' });
    expect(JSON.stringify(told)).not.toContain('10.0.0.5');
    expect(log.lines.map(({ fields }) => String(fields['err']))).toContainEqual(
      expect.stringContaining('10.0.0.5'),
    );
  });

  it('reads an Idempotency-Key where the contract says that one is taken, and nowhere else', async () => {
    const headers = { 'idempotency-key': 'no word' };
    expect(await problemOf(call({ headers }))).toMatchObject({ status: 400, code: 'invalid_header' });
    expect((await call({ path: `/v1/keyless/${ID}`, headers })).status).toBe(200);
  });

  it('refuses JSON that is nested beyond reason before it is hashed for an Idempotency-Key', async () => {
    const body = `{"note":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
    const headers = { 'idempotency-key': 'deep' };
    expect(await problemOf(call({ body, headers }))).toMatchObject({ code: 'validation_failed' });
  });

  it('refuses JSON that is nested beyond reason', async () => {
    const body = `{"items":${'['.repeat(50_000)}${']'.repeat(50_000)}}`;
    expect(await problemOf(call({ body }))).toMatchObject({ status: 422, code: 'validation_failed' });
  });

  it.each(['note', 'unknown'])(
    'refuses a private key in the field %s, and does not repeat it',
    async (field) => {
      const secret = 'a1'.repeat(32);
      const told = await problemOf(call({ body: JSON.stringify({ [field]: `keep ${secret} safe` }) }));
      expect(told).toMatchObject({ status: 422, code: 'secret_in_request' });
      expect(JSON.stringify(told)).not.toContain(secret);
    },
  );

  it('points at an unknown query parameter', async () => {
    const told = await problemOf(call({ path: `/v1/things/${ID}?limit=1&colour=red` }));
    expect(told).toMatchObject({
      status: 422,
      errors: [{ pointer: '/query/colour', code: 'unknown_field' }],
    });
  });

  it('takes JSON only', async () => {
    const answer = call({ headers: { 'content-type': 'text/plain' }, body: 'hello' });
    expect(await problemOf(answer)).toMatchObject({ status: 415, code: 'unsupported_media_type' });
  });

  it('takes at most 1 MiB', async () => {
    const answer = call({ body: JSON.stringify({ note: 'a'.repeat(1_048_577) }) });
    expect(await problemOf(answer)).toMatchObject({ status: 413, code: 'body_too_large' });
  });

  it('tells nothing about the inside when a handler throws', async () => {
    const told = await problemOf(call({ body: '{"mode":"throw"}' }));
    expect(told).toMatchObject({ status: 500, code: 'internal_error' });
    expect(JSON.stringify(told)).not.toContain('secret detail');
  });

  it('does not send an answer that its contract does not describe', async () => {
    expect(await problemOf(call({ body: '{"mode":"lie"}' }))).toMatchObject({
      status: 500,
      code: 'internal_error',
    });
  });

  it('is healthy, ready and measured', async () => {
    expect((await fetch(`${service.url}/healthz`)).status).toBe(200);
    const ready = await fetch(`${service.url}/readyz`);
    expect(await ready.json()).toEqual({ status: 'ready', parts: { nothing: 'ok' } });
    const metrics = await (await fetch(`${service.url}/metrics`)).text();
    expect(metrics).toMatch(
      /seconds_count\{[^}]*method="POST",route="\/v1\/things\/:id",status="200"\} [1-9]/,
    );
  });
});

describe('access', () => {
  const post = async (path: string, token: string) =>
    await fetch(service.url + path, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: '{}',
    });

  it('needs the permission of the route', async () => {
    expect(await problemOf(call({ permissions: ['wallets:read'] }))).toMatchObject({
      code: 'permission_denied',
    });
  });

  it('needs a token for this service, of the gateway, signed by the key of its issuer', async () => {
    const { gateway, audit, stranger } = issuers;
    const caller = person('wallets:write');
    const path = `/v1/things/${ID}`;
    expect((await fetch(service.url + path, { method: 'POST' })).status).toBe(401);
    expect((await post(path, 'nonsense')).status).toBe(401);
    expect((await post(path, await gateway('audit', caller))).status).toBe(401);
    expect((await post(path, await stranger('wallet-registry', caller))).status).toBe(401);
    expect((await post(path, await audit('wallet-registry', caller))).status).toBe(403);
    expect((await post(path, await gateway('wallet-registry', caller))).status).toBe(200);
  });

  it('is no matter of the client when the clocks of services differ: that is ours, and is logged', async () => {
    const late = await lateIssuer('wallet-registry', person('wallets:write'));
    const answer = await post(`/v1/things/${ID}`, late);
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('1');
    expect(await answer.json()).toMatchObject({ code: 'clocks_differ' });
    const lines = log.lines.filter(({ message }) => message === 'request failed');
    expect(String(lines.at(-1)?.fields['err'])).toMatch(/\d+ s behind/);
  });

  it('keeps people from internal routes and services from routes of people', async () => {
    const { audit } = issuers;
    const asService = await audit('wallet-registry', { kind: 'service', service: 'audit' });
    const asPerson = await audit('wallet-registry', person('wallets:write'));
    expect((await post(`/internal/things/${ID}`, asService)).status).toBe(200);
    expect((await post(`/internal/things/${ID}`, asPerson)).status).toBe(403);
    expect((await post(`/v1/things/${ID}`, asService)).status).toBe(403);
    expect((await post(`/v1/open/${ID}`, asService)).status).toBe(403);
  });

  it('is checked before the body is read', async () => {
    const answer = await fetch(`${service.url}/v1/things/${ID}`, { method: 'POST', body: '{' });
    expect(answer.status).toBe(401);
  });

  it('refuses to bind a route without an access rule, or to the wrong kind of caller', () => {
    const handler = async () => ({ status: 200, body: { ok: true } });
    // @ts-expect-error -- a route without access does not type-check either
    expect(() => bind({ ...things, access: undefined }, handler)).toThrow('names no permission');
    expect(() => bind(open, handler)).toThrow('names no permission');
    expect(() => bindForServices(things, handler)).toThrow('neither public nor internal');
  });
});

describe('the log', () => {
  it('has one line for each request, with the pattern of its route', async () => {
    await call({ headers: { 'x-request-id': 'request-77' } });
    const lines = log.lines.filter((line) => line.fields['requestId'] === 'request-77');
    expect(lines).toMatchObject([{ fields: { method: 'POST', route: '/v1/things/:id', status: 200 } }]);
  });

  it('holds nothing that a client put into path, query, headers or body', async () => {
    const secret = 'KzB5R1kQ3vJtJmVqkUh6d7Yd1Xb2mGm8w4n6pQw9sT3uE5rA7cZ2';
    await call({ path: `/v1/things/${secret}` });
    await call({ path: `/v1/${secret}?x=${secret}` });
    await call({ path: `/v1/things/${ID}?x=${secret}` });
    await call({ headers: { 'x-request-id': secret, 'user-agent': secret, traceparent: secret } });
    await call({ headers: { authorization: `Bearer ${secret}` } });
    await call({ body: `{"note": "${secret}"` });
    await call({ body: JSON.stringify({ [secret]: secret, mode: 'throw' }) });
    expect(JSON.stringify(log.lines)).not.toContain(secret);
  });
});

describe('a broken client', () => {
  it('that sends a body in pieces beyond 1 MiB is refused', async () => {
    const token = await issuers.gateway(AUDIENCE, person('wallets:write'));
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    const outgoing = rawRequest(`${service.url}/v1/things/${ID}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    });
    outgoing.on('response', (response) => resolve(response.resume().statusCode ?? 0)).on('error', reject);
    for (let piece = 0; piece < 20; piece++) outgoing.write('"'.padEnd(65_536, 'a'));
    outgoing.end();
    expect(await promise).toBe(413);
  });
});
