import { appError } from '@ironforge/contracts';
import { parseJson } from '@ironforge/kernel';

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
    const signal = AbortSignal.timeout(ANSWER_TIMEOUT_MS);
    const response = await fetch(target, { ...init, signal }).catch((cause: unknown) => {
      throw unavailable('does not answer', cause);
    });
    const text = await response.text();
    const isGone = method === 'DELETE' && response.status === 404;
    if (!response.ok && !isGone) throw unavailable(`answers ${response.status} to ${method} ${path[0]}`);
    const isEmpty = text === '' || isGone;
    return { body: isEmpty ? null : parseJson(text), isCreated: response.status === CREATED };
  };
}

function unavailable(what: string, cause?: unknown) {
  return appError('dependency_down', { detail: `the broker's management ${what}`, cause });
}
