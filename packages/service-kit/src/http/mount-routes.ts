import { appError } from '@ironforge/contracts';
import type { Express, RequestHandler } from 'express';

/** One route and what handles it. */
export interface Mounted {
  readonly method: string;
  /** `/v1/wallets/{id}` */
  readonly path: string;
  readonly handlers: readonly RequestHandler[];
}

/** Puts routes on an express app; other methods of a known path get 405 with `Allow`. Literal paths win over `{parameters}`. */
export function mountRoutes(app: Express, routes: readonly Mounted[]): void {
  for (const [path, ofPath] of groupByPath(routes)) {
    const route = app.route(toExpressPath(path));
    for (const { method, handlers } of ofPath) route[verbOf(method)](...handlers);
    route.all(refuseMethod(ofPath.map((one) => one.method)));
  }
}

/** Answers 404 for everything that no route took. */
export const refusePath: RequestHandler = (_request, _response, next) => {
  next(appError('not_found'));
};

const VERBS = { GET: 'get', POST: 'post', PUT: 'put', PATCH: 'patch', DELETE: 'delete' } as const;

function verbOf(method: string): (typeof VERBS)[keyof typeof VERBS] {
  const verb = Object.entries(VERBS).find(([name]) => name === method)?.[1];
  if (verb === undefined) throw new Error(`unknown method: ${method}`);
  return verb;
}

function groupByPath(routes: readonly Mounted[]): [string, Mounted[]][] {
  const groups = Map.groupBy(routes, (route) => route.path);
  return [...groups].toSorted(([a], [b]) => (sortable(a) < sortable(b) ? -1 : 1));
}

/** Parameters sort after every literal segment. */
function sortable(path: string): string {
  return path.replaceAll('{', '~');
}

function toExpressPath(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ':$1');
}

function refuseMethod(methods: readonly string[]): RequestHandler {
  const allow = [...(methods.includes('GET') ? ['HEAD'] : []), ...methods].toSorted().join(', ');
  return (_request, response, next) => {
    response.setHeader('Allow', allow);
    next(appError('method_not_allowed'));
  };
}
