import { Agent, type IncomingMessage, request as httpRequest } from 'node:http';
import { Agent as TlsAgent, request as httpsRequest } from 'node:https';

/** An answer, and how long it took. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly ms: number;
}

/** A caller that costs little by itself: kept connections, no checks against the contract. */
export interface Client {
  send(
    method: 'GET' | 'POST',
    path: string,
    body?: object,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Answer>;
}

const SOCKETS = { keepAlive: true, maxSockets: 256 };
const plain = { open: httpRequest, agent: new Agent(SOCKETS) };
const tls = { open: httpsRequest, agent: new TlsAgent(SOCKETS) };

/** A caller of one address with one credential. Rejects when the connection breaks. */
export function openClient(baseUrl: string, bearer: string | null): Client {
  const { protocol, origin } = new URL(baseUrl);
  const { open, agent } = protocol === 'https:' ? tls : plain;
  const authorization = bearer === null ? {} : { authorization: `Bearer ${bearer}` };
  return {
    // oxlint-disable-next-line max-params -- as HTTP has them
    send: (method, path, body, headers = {}) =>
      new Promise((resolve, reject) => {
        const startedAt = performance.now();
        const text = body === undefined ? null : JSON.stringify(body);
        const length =
          text === null
            ? {}
            : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(text)) };
        const options = { method, agent, headers: { ...authorization, ...length, ...headers } };
        const call = open(new URL(path, origin), options, (response) => {
          read(response).then(
            (answer) =>
              resolve({ status: response.statusCode ?? 0, body: answer, ms: performance.now() - startedAt }),
            reject,
          );
        });
        // A broken connection may be told twice; the second time nobody else would hear it.
        call.on('error', reject);
        call.end(text ?? undefined);
      }),
  };
}

async function read(response: IncomingMessage): Promise<unknown> {
  response.setEncoding('utf8');
  let text = '';
  for await (const chunk of response) text += String(chunk);
  return text === '' ? null : JSON.parse(text);
}
