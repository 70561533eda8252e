import {
  OpenAPIRegistry,
  OpenApiGeneratorV31,
  type ResponseConfig,
  type RouteConfig,
} from '@asteasolutions/zod-to-openapi';
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
/** With a key: it was used for another body, cannot be one, or its first call is under way. */
const ANY_KEY: readonly ErrorCode[] = ['idempotency_key_reused', 'invalid_header', 'request_in_progress'];
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

function headersOf({ idempotency, tag, ranges, method }: Route): Record<string, z.ZodType> {
  return {
    ...(idempotency === 'required' && { 'Idempotency-Key': idempotencyKey }),
    ...(idempotency === 'optional' && { 'Idempotency-Key': idempotencyKey.optional() }),
    ...(ranges === 'bytes' && RANGE_ASKED),
    ...(tag === 'version' && method === 'PATCH' && { 'If-Match': z.string().optional() }),
  };
}

const idempotencyKey = z
  .string()
  .min(1)
  .max(255)
  .describe(
    'visible ASCII: a repetition with the same key and body gets the same answer and changes nothing',
  );

const RANGE_ASKED = {
  Range: z.string().optional().describe('bytes=first-last; another form is passed over'),
  'If-Range': z.string().optional().describe('an ETag: of another file the whole is sent'),
};

function successOf(route: Route): RouteConfig['responses'] {
  if (route.status === 204) return { 204: { description: 'Done', ...told(answeredWith(route)) } };
  const content = { [route.media]: { schema: route.reply } };
  return {
    [route.status]: { description: 'Done', content, ...told(answeredWith(route)) },
    ...(route.ranges === 'bytes' && { 206: { description: 'The range', content, ...told(RANGE_TOLD) } }),
    ...(route.change === 'possible' && { 202: PROPOSED }),
  };
}

function answeredWith({ tag, ranges, idempotency }: Route): Record<string, z.ZodType> {
  return {
    ...(tag === 'version' && { ETag: z.string() }),
    ...(ranges === 'bytes' && { ETag: etag, 'Accept-Ranges': z.literal('bytes') }),
    ...(idempotency !== 'none' && {
      'Idempotent-Replayed': z.literal('true').optional().describe('it is the answer of before'),
    }),
  };
}

const etag = z.string().describe('strong: the same bytes or none');
const RANGE_TOLD = { ETag: etag, 'Accept-Ranges': z.literal('bytes'), 'Content-Range': z.string() };

function told(headers: Record<string, z.ZodType>): Pick<ResponseConfig, 'headers'> {
  return Object.keys(headers).length === 0 ? {} : { headers: z.object(headers) };
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
    ...(route.idempotency === 'none' ? [] : ANY_KEY),
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
