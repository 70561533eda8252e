import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { createRpcClient } from './rpc-client.ts';

const ping = { method: 'ping', params: [] };
const servers: Server[] = [];
/** A port that the system gives to nobody, unlike one that was free a moment ago. */
const NOBODY_LISTENS = 'http://127.0.0.1:2';

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

describe('an RPC endpoint', () => {
  it('may answer a batch in any order', async () => {
    const url = await serve((calls) => calls.map(({ id }) => ({ id, result: id * 10 })).toReversed());
    expect(await clientOf(url).send([ping, ping, ping])).toEqual([
      { result: 0 },
      { result: 10 },
      { result: 20 },
    ]);
  });

  it('that leaves out an answer has told nothing about that call', async () => {
    const url = await serve(([first]) => [{ id: first?.id, result: 1 }]);
    const [one, two] = await clientOf(url).send([ping, ping]);
    expect(one).toEqual({ result: 1 });
    expect(two).toMatchObject({ failed: { reason: 'unknown_outcome' } });
  });

  it.each([
    [401, 'unreachable'],
    [403, 'unreachable'],
    [404, 'unreachable'],
    [408, 'unknown_outcome'],
    [429, 'rate_limited'],
    [503, 'unknown_outcome'],
  ])('with HTTP %s is %s', async (status, reason) => {
    const url = await serveRaw((_request, response) => response.writeHead(status).end());
    expect(await clientOf(url).send([ping])).toMatchObject([{ failed: { reason } }]);
  });

  it('that is silent is of unknown outcome, never failed', async () => {
    const url = await serveRaw(() => undefined);
    const answers = await createRpcClient({ url, timeoutMs: 50 }).send([ping]);
    expect(answers).toMatchObject([{ failed: { reason: 'unknown_outcome' } }]);
  });

  it('where nobody listens was never reached', async () => {
    expect(await clientOf(NOBODY_LISTENS).send([ping])).toMatchObject([
      { failed: { reason: 'unreachable' } },
    ]);
  });

  it('that cuts the line after the call was sent may have carried it out', async () => {
    const url = await serveRaw((request) => request.socket.destroy());
    expect(await clientOf(url).send([ping])).toMatchObject([{ failed: { reason: 'unknown_outcome' } }]);
  });

  it('gets the name and password of its URL as a header', async () => {
    const seen: (string | undefined)[] = [];
    const url = await serveRaw((request, response) => {
      seen.push(request.headers.authorization);
      response.end('[{"id":0,"result":1}]');
    });
    expect(await clientOf(url.replace('//', '//user:pass%20phrase@')).send([ping])).toEqual([{ result: 1 }]);
    expect(seen).toEqual([`Basic ${Buffer.from('user:pass phrase').toString('base64')}`]);
  });
});

describe('an endpoint that is asked too often', () => {
  const infura = { code: -32005, message: 'project ID request rate exceeded' };

  it.each([
    ['by a header', { 'retry-after': '7' }, '', 7_000],
    ['in the data of an error', {}, JSON.stringify({ id: 1, error: { ...infura, data: backoff(3) } }), 3_000],
    ['by a text', {}, JSON.stringify({ error: { code: 1, message: 'rate limit, retry in 2s' } }), 2_000],
    ['nowhere', {}, JSON.stringify({ error: infura }), undefined],
  ])('says %s how long it wants to be left alone', async (_where, headers, body, pauseMs) => {
    const url = await serveRaw((_request, response) => response.writeHead(429, headers).end(body));
    const [answer] = await clientOf(url).send([ping]);
    expect(answer).toMatchObject({ failed: { reason: 'rate_limited' } });
    expect(answer).toHaveProperty('pauseMs', pauseMs);
  });

  it('may say so with any status, and of each call for itself', async () => {
    const url = await serve(([first, second]) => [
      { id: first?.id, result: 1 },
      { id: second?.id, error: { ...infura, data: backoff(3) } },
    ]);
    expect(await clientOf(url).send([ping, ping])).toMatchObject([
      { result: 1 },
      { failed: { reason: 'rate_limited' }, pauseMs: 3_000 },
    ]);
    const used = JSON.stringify({ error: { code: -32600, message: 'Monthly capacity limit exceeded.' } });
    const forbidding = await serveRaw((_request, response) => response.writeHead(403).end(used));
    expect(await clientOf(forbidding).send([ping])).toMatchObject([{ failed: { reason: 'rate_limited' } }]);
  });

  function backoff(seconds: number) {
    return { rate: { allowed_rps: 1, backoff_seconds: seconds, current_rps: 1.1 } };
  }
});

describe('the key in a URL', () => {
  const path = '/v3/0123456789abcdef?token=fedcba9876543210';

  it.each<[string, (request: IncomingMessage, response: ServerResponse) => unknown]>([
    ['answers a page that shows it', (request, response) => response.end(`Cannot POST ${request.url}`)],
    ['fails with a page that shows it', (request, response) => response.writeHead(500).end(request.url)],
    ['names it in an error', (request, response) => response.end(errorAbout(request))],
    ['sends elsewhere', (request, response) => response.writeHead(302, { location: request.url }).end()],
    ['cuts the line', (request) => request.socket.destroy()],
  ])('is in no answer of a server that %s', async (_what, handle) => {
    const url = await serveRaw(handle);
    const told = JSON.stringify(await clientOf(`${url}${path}`).send([ping]));
    expect(told).not.toMatch(/01234|fedcb|v3/);
  });

  it('is in no answer where nobody listens, and where there is no such host', async () => {
    const closed = `${NOBODY_LISTENS}${path}`;
    const nowhere = `http://user:0123456789abcdef@nowhere.invalid${path}`;
    for (const url of [closed, nowhere])
      expect(JSON.stringify(await clientOf(url).send([ping]))).not.toMatch(/01234|fedcb/);
  });

  function errorAbout({ url }: IncomingMessage): string {
    return JSON.stringify([{ id: 0, error: { code: -1, message: `bad key in ${url}` } }]);
  }
});

function clientOf(url: string) {
  return createRpcClient({ url, timeoutMs: 5_000 });
}

interface Call {
  readonly id: number;
}

function serve(answer: (calls: readonly Call[]) => unknown): Promise<string> {
  return serveRaw(async (request, response) => {
    // Our own client wrote it, which is what is tested here.
    const calls = (await json(request)) as readonly Call[];
    response.end(JSON.stringify(answer(calls)));
  });
}

async function serveRaw(
  handle: (request: IncomingMessage, response: ServerResponse) => unknown,
): Promise<string> {
  const server = createServer((request, response) => void handle(request, response));
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return `http://127.0.0.1:${address.port}`;
}
