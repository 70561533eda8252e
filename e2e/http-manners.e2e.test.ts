import { problem, ROUTES } from '@ironforge/contracts';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { callerWith, type RawAnswer } from './world/caller.ts';
import { environment } from './world/environment.ts';
import { foundTenant, superAdmin } from './world/tenant.ts';

const nobody = callerWith();

const OpenApi = z.object({
  openapi: z.string().startsWith('3.1'),
  paths: z.record(z.string(), z.record(z.string(), z.unknown())),
});
const json = { 'content-type': 'application/json' };

function expectProblem(answer: RawAnswer, status: number, code: string): void {
  expect(answer.headers.get('content-type')).toMatch('application/problem+json');
  const told = problem.parse(JSON.parse(answer.text));
  expect([answer.status, told.status, told.code]).toEqual([status, status, code]);
  expect(told.requestId).not.toBe('');
}

it('answers problem+json for what it does not have, does not take or cannot read', async () => {
  const send = superAdmin.raw;
  expectProblem(await send({ method: 'GET', path: '/v1/nothing' }), 404, 'not_found');
  expectProblem(await send({ method: 'DELETE', path: '/v1/me' }), 405, 'method_not_allowed');
  expectProblem(await send({ method: 'PUT', path: '/v1/tenants' }), 405, 'method_not_allowed');
  const large = JSON.stringify({ name: 'x'.repeat(1024 * 1024 + 1) });
  expectProblem(
    await send({ method: 'POST', path: '/v1/tenants', headers: json, body: large }),
    413,
    'body_too_large',
  );
  const text = { 'content-type': 'text/plain' };
  expectProblem(
    await send({ method: 'POST', path: '/v1/tenants', headers: text, body: '{}' }),
    415,
    'unsupported_media_type',
  );
  const html = { 'content-type': 'application/x-www-form-urlencoded' };
  expectProblem(
    await send({ method: 'POST', path: '/v1/tenants', headers: html, body: 'a=b' }),
    415,
    'unsupported_media_type',
  );
});

it('takes a malformed id for one that is not there', async () => {
  const { operator } = await foundTenant();
  expectProblem(await operator.raw({ method: 'GET', path: '/v1/wallets/no-uuid' }), 404, 'not_found');
  expectProblem(
    await operator.raw({ method: 'GET', path: '/v1/transactions/..%2f..%2fme' }),
    404,
    'not_found',
  );
});

it('limits a tenant to its requests per minute, tells the limit, and nobody else feels it', async () => {
  const tight = await foundTenant({ requestsPerMinute: 20 });
  const roomy = await foundTenant();
  const ask = () => tight.operator.raw({ method: 'GET', path: '/v1/me' });
  const first = await ask();
  expect(first.headers.get('ratelimit-policy')).not.toBeNull();
  expect(first.headers.get('ratelimit')).not.toBeNull();
  // A new minute may begin on the way, once: of two minutes' worth and one more, one is too many.
  let last = first;
  for (let count = 1; count < 2 * 20 + 1 && last.status !== 429; count += 1) last = await ask();
  expectProblem(last, 429, 'rate_limited');
  expect(Number(last.headers.get('retry-after'))).toBeGreaterThan(0);
  expect((await roomy.operator.raw({ method: 'GET', path: '/v1/me' })).status).toBe(200);
});

it('stops guessing at a password before it gets far', async () => {
  const { admin } = await foundTenant();
  const { email } = await admin.call(ROUTES.getMe);
  const guess = () => nobody.outcome(ROUTES.login, { body: { email, password: 'a wrong password' } });
  const guesses = [await guess()];
  expect(guesses[0]).toEqual({ status: 401, code: 'invalid_credentials' });
  // The waits double with each failure, so however long a guess takes, one of them soon falls into a wait.
  while (guesses.length < 15 && guesses.at(-1)?.status === 401) guesses.push(await guess());
  expect(guesses.at(-1)).toEqual({ status: 429, code: 'too_many_attempts' });
});

it('serves its own description, which has every route, and a page to read it', async () => {
  const answer = await nobody.raw({ method: 'GET', path: '/v1/openapi.json' });
  const { paths } = OpenApi.parse(JSON.parse(answer.text));
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  for (const { method, path } of Object.values(ROUTES)) {
    expect(operations).toContain(`${method} ${path}`);
  }
  expect((await nobody.raw({ method: 'GET', path: '/docs' })).status).toBe(200);
});

it('speaks safely: no habits of the framework, no caching, no foreign origin', async () => {
  const answer = await nobody.raw({
    method: 'GET',
    path: '/v1/me',
    headers: { origin: 'https://evil.example' },
  });
  expect(answer.headers.get('x-powered-by')).toBeNull();
  expect(answer.headers.get('access-control-allow-origin')).toBeNull();
  expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  expect(answer.headers.get('cache-control')).toBe('no-store');
});

it('keeps every service behind the gateway closed to outside tokens', async () => {
  const token = 'a token of nobody';
  for (const { name, url } of environment.services.filter((service) => service.name !== 'gateway')) {
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    for (const path of [
      '/v1/me',
      '/v1/wallets',
      '/v1/transactions',
      '/v1/audit/entries',
      '/v1/chains',
      '/internal/quote',
    ]) {
      const { status } = await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${token}` } });
      expect([401, 404, 405].map((refusal) => `${name} ${path} ${refusal}`)).toContain(
        `${name} ${path} ${status}`,
      );
    }
  }
});
