import { partUrl } from '../environment.ts';

/** One call of RabbitMQ's management API below `/api/`; gives the parsed answer, null for an empty one. */
export type Manage = (
  method: 'GET' | 'PUT' | 'POST' | 'DELETE',
  path: string,
  body?: object,
) => Promise<unknown>;

/** Calls the broker that `AMQP_MANAGEMENT_URL` names. Throws for a refusal; deleting what is gone already is none. */
export const manage: Manage = async (method, path, body) => {
  const url = new URL(partUrl('AMQP_MANAGEMENT_URL'));
  const authorization = `Basic ${btoa(`${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`)}`;
  const response = await fetch(`${url.origin}/api/${path}`, {
    method,
    headers: { authorization, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const isGone = method === 'DELETE' && response.status === 404;
  if (!response.ok && !isGone) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  const answer: unknown = text === '' ? null : JSON.parse(text);
  return answer;
};
