import { present } from '@ironforge/kernel';
import { z } from 'zod';
import { type ChangeReceipt, changeReceipt } from './change-receipt.ts';
import { type Problem, problem } from './problem.ts';
import type { Route } from './route.ts';

/** What a caller fills into a route; what the route does not have is left out. */
export interface RouteInput<R extends Route> {
  readonly params?: z.input<R['params']>;
  readonly query?: z.input<R['query']>;
  readonly body?: z.input<R['body']>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A request ready to be sent: the path with its query, and the body as JSON. */
export interface HttpRequest {
  readonly method: Route['method'];
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

/** What a route promises to answer with. */
export type ReplyOf<R extends Route> = z.output<R['reply']>;

/** What a service answered: the reply that the route promises, a change that others must approve first, or a problem (RFC 9457). */
export type RouteAnswer<R extends Route> =
  | { readonly status: number; readonly reply: ReplyOf<R> }
  | { readonly status: number; readonly change: ChangeReceipt }
  | { readonly status: number; readonly problem: Problem };

const fields = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]).optional());

/** Writes the request of a route. */
export function requestOf<R extends Route>(route: R, input: RouteInput<R>): HttpRequest {
  const json = input.body === undefined ? null : JSON.stringify(input.body);
  return {
    method: route.method,
    path: fillPath(route.path, fields.parse(input.params ?? {})) + queryText(fields.parse(input.query ?? {})),
    headers: { ...(json !== null && { 'content-type': 'application/json' }), ...input.headers },
    body: json,
  };
}

/** Reads the answer to a route's request. Throws `ZodError` or `SyntaxError` for an answer that the route does not promise. */
export function answerOf<R extends Route>(route: R, status: number, text: string): RouteAnswer<R> {
  const body: unknown = text === '' ? {} : JSON.parse(text);
  if (status >= 400) return { status, problem: problem.parse(body) };
  if (status === 202 && route.change === 'possible') return { status, change: changeReceipt.parse(body) };
  return { status, reply: parse<R['reply']>(route.reply, body) };
}

function parse<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  return schema.parse(value);
}

type Fields = z.infer<typeof fields>;

function fillPath(path: string, params: Fields): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(present(params[name], `${name} of ${path}`)),
  );
}

function queryText(query: Fields): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) search.append(name, String(value));
  }
  return search.size === 0 ? '' : `?${search.toString()}`;
}
