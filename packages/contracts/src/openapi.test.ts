import { describe, expect, it } from 'vitest';
import { ERRORS } from './errors.ts';
import { openApiDocument } from './openapi.ts';
import { ROUTES } from './routes.ts';

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
