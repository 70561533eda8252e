import { z } from 'zod';

const WITHIN_MS = 2_000;

/** The whole answer to an HTTP request; user and password in the address become basic authentication. Throws unless 2xx. */
export async function httpAnswer(address: string, init: RequestInit = {}): Promise<string> {
  const url = new URL(address);
  const authorization = url.username === '' ? {} : { authorization: basic(url) };
  url.username = '';
  url.password = '';
  const response = await fetch(url, {
    ...init,
    headers: { ...authorization, 'content-type': 'application/json' },
    signal: AbortSignal.timeout(WITHIN_MS),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`answers ${response.status}`);
  return text;
}

const RpcAnswer = z.object({ result: z.string() });

/** The result of a JSON-RPC call without parameters that answers with a string. */
export async function rpcAnswer(url: string, method: string): Promise<string> {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: [] });
  return RpcAnswer.parse(JSON.parse(await httpAnswer(url, { method: 'POST', body }))).result;
}

function basic(url: URL): string {
  const pair = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  return `Basic ${Buffer.from(pair).toString('base64')}`;
}
