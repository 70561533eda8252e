import { OpenAPIRegistry, OpenApiGeneratorV31, type RouteConfig } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import { changeReceipt } from './change-receipt.ts';
import { ERRORS, type ErrorCode } from './errors.ts';
import { problem } from './problem.ts';
import { nothing, type Route } from './route.ts';
import { ROUTES } from './routes.ts';

type OpenApiDocument = ReturnType<OpenApiGeneratorV31['generateDocument']>;

const BEARER = 'bearer';
const ANY_ROUTE: readonly ErrorCode[] = [
  'unauthenticated',
  'permission_denied',
  'validation_failed',
  'rate_limited',
  'internal_error',
  'overloaded',
  'clocks_differ',
  'dependency_down',
  'dependency_failed',
];
const ANY_CHANGE: readonly ErrorCode[] = ['outcome_unknown'];
const ANY_BODY: readonly ErrorCode[] = [
  'malformed_json',
  'body_too_slow',
  'body_too_large',
  'unsupported_media_type',
];

/** The OpenAPI 3.1 document of all public routes; `serverUrl` is where clients reach the gateway. */
export function openApiDocument(serverUrl: string): OpenApiDocument {
  const registry = new OpenAPIRegistry();
  registry.registerComponent('securitySchemes', BEARER, { type: 'http', scheme: 'bearer' });
  for (const [operationId, route] of Object.entries(ROUTES))
    registry.registerPath(toPath(operationId, route));
  return new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: '3.1.0',
    info: {
      title: 'IronForge',
      version: '1',
      description: 'Keyless transaction orchestration. Amounts are decimal strings in base units.',
    },
    servers: [{ url: serverUrl }],
  });
}

function toPath(operationId: string, route: Route): RouteConfig {
  return {
    method: lowerCase(route.method),
    path: route.path,
    operationId,
    summary: route.summary,
    description: accessText(route),
    tags: [route.service],
    security: route.access === 'public' ? [] : [{ [BEARER]: [] }],
    request: requestOf(route),
    responses: { ...successOf(route), ...problemsOf(route) },
  };
}

function lowerCase(method: Route['method']): 'get' | 'post' | 'put' | 'patch' | 'delete' {
  const names = { GET: 'get', POST: 'post', PUT: 'put', PATCH: 'patch', DELETE: 'delete' } as const;
  return names[method];
}

function accessText(route: Route): string {
  if (route.access === 'public') return 'Open to everybody.';
  return route.access === 'authenticated'
    ? 'Open to every signed-in caller.'
    : `Needs the permission \`${route.access}\`.`;
}

function requestOf(route: Route): NonNullable<RouteConfig['request']> {
  const request: NonNullable<RouteConfig['request']> = {};
  if (route.params instanceof z.ZodObject && route.params !== nothing) request.params = route.params;
  if (route.query instanceof z.ZodObject && route.query !== nothing) request.query = route.query;
  if (route.body !== nothing)
    request.body = { required: true, content: { 'application/json': { schema: route.body } } };
  const headers = headersOf(route);
  if (Object.keys(headers).length > 0) request.headers = z.object(headers);
  return request;
}

function headersOf({ idempotency, tag, method }: Route): Record<string, z.ZodType> {
  return {
    ...(idempotency === 'required' && { 'Idempotency-Key': z.string().min(1).max(255) }),
    ...(tag === 'version' && method === 'PATCH' && { 'If-Match': z.string().optional() }),
  };
}

function successOf(route: Route): RouteConfig['responses'] {
  if (route.status === 204) return { 204: { description: 'Done' } };
  return {
    [route.status]: {
      description: 'Done',
      content: { [route.media]: { schema: route.reply } },
      ...(route.tag === 'version' && { headers: z.object({ ETag: z.string() }) }),
    },
    ...(route.change === 'possible' && { 202: PROPOSED }),
  };
}

const PROPOSED = {
  description: 'Proposed: nothing has changed yet, others must approve the change',
  content: { 'application/json': { schema: changeReceipt } },
};

function problemsOf(route: Route): RouteConfig['responses'] {
  const codes = new Set<ErrorCode>([
    ...ANY_ROUTE,
    ...(route.method === 'GET' ? [] : ANY_CHANGE),
    ...(route.body === nothing ? [] : ANY_BODY),
    ...route.errors,
    ...(route.path.includes('{') ? (['not_found'] as const) : []),
  ]);
  const statuses = Map.groupBy(codes, (code) => ERRORS[code].status);
  return Object.fromEntries(
    [...statuses].map(([status, group]) => [
      status,
      { description: group.join(', '), content: { 'application/problem+json': { schema: problem } } },
    ]),
  );
}
