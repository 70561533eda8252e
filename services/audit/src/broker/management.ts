import { appError } from '@ironforge/contracts';

/** One call of RabbitMQ's management HTTP API (3.10 and later) below `/api/`. Throws `dependency_down` when it does not answer as it should. */
export type Manage = (
  method: 'GET' | 'PUT' | 'DELETE',
  path: readonly string[],
  body?: object,
) => Promise<Managed>;

/** What it answered, and whether a `PUT` made something that was not there. */
export interface Managed {
  readonly body: unknown;
  readonly isCreated: boolean;
}

const ANSWER_TIMEOUT_MS = 5_000;
const CREATED = 201;

/** Speaks to the API at a URL that holds user and password. What is gone already counts as deleted. */
export function createManagement(url: string): Manage {
  const { origin, pathname, username, password } = new URL(url);
  const credential = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`);
  const headers = {
    authorization: `Basic ${credential.toString('base64')}`,
    'content-type': 'application/json',
  };
  return async (method, path, body) => {
    const target = `${origin}${pathname.replace(/\/$/, '')}/api/${path.map(encodeURIComponent).join('/')}`;
    const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
    const { status, ok, answer } = await exchange(target, init);
    const isGone = method === 'DELETE' && status === 404;
    if (!ok && !isGone) throw unavailable(`answers ${status} to ${method} ${path[0]}`);
    return { body: answer, isCreated: status === CREATED };
  };
}

/** The status, and what a good answer holds: null for nothing. A page of a proxy in between is no answer. */
async function exchange(target: string, init: RequestInit) {
  try {
    const response = await fetch(target, { ...init, signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) });
    const { status, ok } = response;
    const text = await response.text();
    const answer: unknown = ok && text !== '' ? JSON.parse(text) : null;
    return { status, ok, answer };
  } catch (cause) {
    throw unavailable('does not answer as it should', cause);
  }
}

function unavailable(what: string, cause?: unknown) {
  return appError('dependency_down', { detail: `the broker's management ${what}`, cause });
}
