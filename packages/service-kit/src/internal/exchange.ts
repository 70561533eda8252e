import type { Dispatcher } from 'undici';
import { request } from 'undici/lib/api/index.js';
import Agent from 'undici/lib/dispatcher/agent.js';

/** What is asked, besides where. */
export type ExchangeOptions = Pick<Dispatcher.RequestOptions, 'method' | 'headers' | 'body' | 'signal'>;

/** Asks over HTTP on connections that are kept, as `request` of undici; by its parts, since the whole holds 12 MB more (ADR 0028). */
export function exchange(
  { origin, pathname, search }: URL,
  options: ExchangeOptions,
): Promise<Dispatcher.ResponseData> {
  return request.call(connections, { ...options, origin, path: pathname + search });
}

const connections = new Agent();
