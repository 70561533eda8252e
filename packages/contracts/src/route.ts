import { z } from 'zod';
import type { ErrorCode } from './errors.ts';
import type { Permission } from './permissions.ts';

/** The programs that serve routes. */
export type ServiceName =
  | 'gateway'
  | 'identity'
  | 'wallet-registry'
  | 'tx-orchestrator'
  | 'chain-watcher'
  | 'audit';

/** Who may call: anybody, anybody signed in, holders of one permission, or another service. */
export type Access = 'public' | 'authenticated' | 'service' | Permission;

/** One HTTP route as data: the gateway forwards by it, the service binds to it, OpenAPI and the tests are made from it. */
export interface Route<
  Params extends z.ZodType = z.ZodType,
  Query extends z.ZodType = z.ZodType,
  Body extends z.ZodType = z.ZodType,
  Reply extends z.ZodType = z.ZodType,
> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With parameters in braces, as in OpenAPI: `/v1/wallets/{id}`. */
  readonly path: string;
  readonly service: ServiceName;
  readonly access: Access;
  readonly summary: string;
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  readonly reply: Reply;
  /** What the reply is written in; one that is not JSON is sent piece by piece and is not compared with `reply`. */
  readonly media: 'application/json' | 'application/octet-stream' | 'text/event-stream';
  /** Status of success; 202 for work that goes on after the answer. */
  readonly status: 200 | 201 | 202 | 204;
  /** Whether `Idempotency-Key` must be there, or may be; where it is `none` a key is passed over. */
  readonly idempotency: 'required' | 'optional' | 'none';
  /** Whether it may answer 202 with a change that others have to approve, instead of doing it. */
  readonly change: 'possible' | 'none';
  /** Whether its reply carries an `ETag`, which a change of the resource takes as `If-Match`. */
  readonly tag: 'version' | 'none';
  /** Whether parts of its reply are had by `Range` (RFC 9110 §14), told apart by a strong `ETag`. */
  readonly ranges: 'bytes' | 'none';
  /** Whether a call whose answer was lost may simply be made again; `unsafe` where what is sent serves once. */
  readonly repetition: 'safe' | 'unsafe';
  /** Codes of this route beyond those that any route can answer. */
  readonly errors: readonly ErrorCode[];
}

/** Neither parameters nor query nor body: any key is one too many. */
export const nothing = z.strictObject({});

interface RouteInput<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType> {
  readonly method: Route['method'];
  readonly path: string;
  readonly service: ServiceName;
  readonly access: Access;
  readonly summary: string;
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  readonly reply: R;
  readonly media?: Route['media'];
  readonly status?: Route['status'];
  readonly idempotency?: Route['idempotency'];
  readonly change?: Route['change'];
  readonly tag?: Route['tag'];
  readonly ranges?: Route['ranges'];
  readonly repetition?: Route['repetition'];
  readonly errors?: readonly ErrorCode[];
}

type Nothing = typeof nothing;

/** Declares a route; what is left out is empty, answers 200, needs no key. */
export function route<
  R extends z.ZodType,
  P extends z.ZodType = Nothing,
  Q extends z.ZodType = Nothing,
  B extends z.ZodType = Nothing,
>(input: RouteInput<P, Q, B, R>): Route<P, Q, B, R> {
  // oxlint-disable-next-line typescript/consistent-type-assertions -- a part left out has its type's default, this very schema
  const left = nothing as unknown as P & Q & B;
  const { params = left, query = left, body = left } = input;
  return { ...DEFAULTS, ...input, params, query, body };
}

const DEFAULTS = {
  media: 'application/json',
  status: 200,
  idempotency: 'none',
  change: 'none',
  tag: 'none',
  ranges: 'none',
  repetition: 'safe',
  errors: [],
} as const;
