import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { hasSystemCode } from '../json-file.ts';
import { trouble } from '../trouble.ts';
import { type Answer, answerCheckpoint, type Witness } from './answer-checkpoint.ts';
import { readBody } from './read-body.ts';

/** Where a witness is asked. */
export interface Place {
  readonly host: string;
  readonly port: number;
}

/** A witness that can be asked at this address; disposing lets the request in hand end. */
export interface RunningWitness extends AsyncDisposable {
  readonly url: string;
}

/** Starts a witness: HTTP with one route, `POST /add-checkpoint`. Throws `port_taken`. */
export async function startWitness(witness: Witness, place: Place): Promise<RunningWitness> {
  const server = createServer(LIMITS, (request, response) => void serve(witness, request, response));
  await listening(server, place);
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : place.port;
  const host = place.host.includes(':') ? `[${place.host}]` : place.host;
  return { url: `http://${host}:${port}`, [Symbol.asyncDispose]: () => closed(server) };
}

/** A request has so long to come; whoever is slower is cut off. */
const LIMITS = { requestTimeout: 10_000, headersTimeout: 10_000, connectionsCheckingInterval: 1_000 };

async function listening(server: Server, { host, port }: Place): Promise<void> {
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (error) {
    if (!hasSystemCode(error, 'EADDRINUSE')) throw error;
    throw trouble('port_taken', `${host}:${port} is taken: choose another address for --listen`, error);
  }
}

async function closed(server: Server): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  server.close(() => resolve());
  server.closeIdleConnections();
  await promise;
}

/** Never rejects: what fails is told, and answered with 500. */
async function serve(witness: Witness, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { status, type, text } = await answerOf(witness, request).catch((error: unknown): Answer => {
    witness.say(`not answered: ${error instanceof Error ? error.message : String(error)}`);
    return plain(500, 'failed');
  });
  if (!request.complete) response.setHeader('connection', 'close');
  response.writeHead(status, { 'content-type': type }).end(text);
}

async function answerOf(witness: Witness, request: IncomingMessage): Promise<Answer> {
  if (request.url !== '/add-checkpoint') return plain(404, 'unknown_path');
  if (request.method !== 'POST') return plain(405, 'post_only');
  const body = await readBody(request);
  return body === null ? plain(413, 'too_large') : answerCheckpoint(witness, body);
}

function plain(status: number, text: string): Answer {
  return { status, type: 'text/plain; charset=utf-8', text: `${text}\n` };
}
