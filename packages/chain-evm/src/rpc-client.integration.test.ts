import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { createRpcClient } from './rpc-client.ts';
import { createRpcPool } from './rpc-pool.ts';

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
    expect(await createRpcClient({ url }).batch([ping, ping, ping])).toEqual([
      { result: 0 },
      { result: 10 },
      { result: 20 },
    ]);
  });

  it('is asked in chunks no larger than it takes', async () => {
    const sizes: number[] = [];
    const url = await serve((calls) => {
      sizes.push(calls.length);
      return calls.map(({ id }) => ({ id, result: null }));
    });
    await createRpcClient({ url, maxBatch: 2 }).batch([ping, ping, ping, ping, ping]);
    expect(sizes).toEqual([2, 2, 1]);
  });

  it('that leaves out an answer has told nothing about that call', async () => {
    const url = await serve(([first]) => [{ id: first?.id, result: 1 }]);
    const [one, two] = await createRpcClient({ url }).batch([ping, ping]);
    expect(one).toEqual({ result: 1 });
    expect(two).toMatchObject({ failed: { reason: 'unknown_outcome' } });
  });

  it.each([
    [429, 'rate_limited'],
    [503, 'unknown_outcome'],
  ])('with HTTP %s is %s', async (status, reason) => {
    const url = await serveRaw((_request, response) => response.writeHead(status).end());
    expect(await createRpcClient({ url }).batch([ping])).toMatchObject([{ failed: { reason } }]);
  });

  it('that is silent is of unknown outcome, never failed', async () => {
    const url = await serveRaw(() => undefined);
    const answers = await createRpcClient({ url, timeoutMs: 50 }).batch([ping]);
    expect(answers).toMatchObject([{ failed: { reason: 'unknown_outcome' } }]);
  });

  it('where nobody listens was never reached', async () => {
    const answers = await createRpcClient({ url: NOBODY_LISTENS }).batch([ping]);
    expect(answers).toMatchObject([{ failed: { reason: 'unreachable' } }]);
  });

  it('that cuts the line after the call was sent may have carried it out', async () => {
    const url = await serveRaw((request) => request.socket.destroy());
    expect(await createRpcClient({ url }).batch([ping])).toMatchObject([
      { failed: { reason: 'unknown_outcome' } },
    ]);
  });
});

describe('several endpoints', () => {
  it('stand in for one another when one does not answer', async () => {
    const good = await serve((calls) => calls.map(({ id }) => ({ id, result: 'here' })));
    const pool = createRpcPool([NOBODY_LISTENS, good].map((url) => createRpcClient({ url })));
    expect(await pool.ask([ping])).toEqual([{ result: 'here' }]);
  });

  it('stand in for one another when one is asked too often, whichever way it says so', async () => {
    const error = { code: -32005, message: 'daily request count exceeded, request rate limited' };
    const tired = await serve((calls) => calls.map(({ id }) => ({ id, error })));
    const good = await serve((calls) => calls.map(({ id }) => ({ id, result: 'here' })));
    const pool = createRpcPool([tired, good].map((url) => createRpcClient({ url })));
    expect(await pool.ask([ping])).toEqual([{ result: 'here' }]);
    const alone = createRpcPool([createRpcClient({ url: tired })]);
    await expect(alone.ask([ping])).rejects.toMatchObject({ code: 'dependency_down', retry: 'later' });
  });

  it('that are all down are a dependency that is down, to be asked later', async () => {
    const pool = createRpcPool([createRpcClient({ url: NOBODY_LISTENS })]);
    await expect(pool.ask([ping])).rejects.toMatchObject({ code: 'dependency_down', retry: 'later' });
  });
});

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
