import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ERRORS } from './errors.ts';
import { openApiDocument } from './openapi.ts';
import { ROUTES } from './routes.ts';

const TOLD = z.object({ headers: z.looseObject({}) });
const KEY = 'Idempotency-Key';
const document = openApiDocument('http://localhost');

describe('openApiDocument', () => {
  it('holds every route under its path and method', () => {
    for (const [operationId, route] of Object.entries(ROUTES)) {
      const path: Record<string, unknown> = { ...document.paths?.[route.path] };
      expect(path[route.method.toLowerCase()]).toMatchObject({ operationId });
    }
  });

  it('names the success status and a problem for each error code of a route', () => {
    const create = document.paths?.['/v1/transactions']?.post;
    const statuses = Object.keys(create?.responses ?? {});
    expect(statuses).toContain('201');
    for (const code of ROUTES.createTransaction.errors)
      expect(statuses).toContain(String(ERRORS[code].status));
  });

  it('names what the way to any service can answer, and of bodies only where there is one', () => {
    const { get, post } = document.paths?.['/v1/transactions'] ?? {};
    const ofBodies = /408.*body_too_slow.*413.*body_too_large/;
    for (const one of [get, post]) {
      const answers = JSON.stringify(one?.responses);
      for (const code of ['overloaded', 'clocks_differ', 'dependency_down', 'dependency_failed'])
        expect(answers.split(code)).toHaveLength(2);
    }
    expect(JSON.stringify(post?.responses)).toMatch(ofBodies);
    expect(JSON.stringify(get?.responses)).not.toContain('body_too');
  });

  it.each([
    ['/v1/transactions', true],
    ['/v1/wallets', false],
    ['/v1/policies/{id}/simulate', undefined],
  ])('tells of Idempotency-Key where one is taken: %s', (path, required) => {
    const post = document.paths?.[path]?.post;
    const told = post?.parameters?.find((parameter) => 'name' in parameter && parameter.name === KEY);
    expect(told === undefined || !('in' in told) ? undefined : (told.required ?? false)).toBe(required);
    const answers = JSON.stringify(post?.responses);
    for (const one of ['idempotency_key_reused', 'request_in_progress', 'Idempotent-Replayed'])
      expect([one, answers.includes(one)]).toEqual([one, required !== undefined]);
  });

  it('tells that the file of an export is had in ranges, and by which tag they belong together', () => {
    const get = document.paths?.['/v1/audit/exports/{id}/file']?.get;
    const named = get?.parameters?.map((parameter) => 'name' in parameter && parameter.name);
    expect(named).toEqual(expect.arrayContaining(['Range', 'If-Range']));
    expect(Object.keys(get?.responses ?? {})).toEqual(expect.arrayContaining(['200', '206', '416']));
    const { 200: whole, 206: part } = z.object({ 200: TOLD, 206: TOLD }).parse(get?.responses);
    expect(Object.keys(whole.headers)).toEqual(expect.arrayContaining(['ETag', 'Accept-Ranges']));
    expect(Object.keys(part.headers)).toEqual(expect.arrayContaining(['ETag', 'Content-Range']));
  });

  it('says of every list in a body how long it may be', () => {
    const endless = Object.entries(document.paths ?? {}).flatMap(([path, { post, put, patch }]) =>
      [post, put, patch].flatMap((asked) => endlessLists(asked?.requestBody).map((at) => path + at)),
    );
    expect(endless).toEqual([]);
  });

  it('is plain JSON', () => {
    expect(JSON.parse(JSON.stringify(document))).toEqual(document);
  });
});

/** The places of arrays without a maximum in a schema. */
function endlessLists(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const isEndless = 'type' in schema && schema.type === 'array' && !('maxItems' in schema);
  const below = Object.entries(schema).flatMap(([key, part]) =>
    endlessLists(part).map((at) => `/${key}${at}`),
  );
  return isEndless ? ['', ...below] : below;
}
