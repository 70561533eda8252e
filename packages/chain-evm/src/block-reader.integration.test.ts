import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import { type Anvil, startAnvil } from '@ironforge/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { other, rich } from './accounts.fixture.ts';
import { createBlockReader } from './block-reader.ts';
import { createRpcClient } from './rpc-client.ts';
import { createRpcPool } from './rpc-pool.ts';

const names = { chainId: 'eip155:31337', nativeAssetId: 'eip155:31337/slip44:60' };
const NO_METHOD = {
  code: -32601,
  message: 'the method eth_getBlockReceipts does not exist/is not available',
};

let anvil: Anvil;

beforeAll(async () => {
  anvil = await startAnvil();
  for (let count = 0; count < 3; count++) {
    await anvil.rpc('eth_sendTransaction', [{ from: rich.address, to: other.address, value: '0x1' }]);
    await anvil.mine();
  }
});
afterAll(() => anvil[Symbol.asyncDispose]());

describe('reading blocks', () => {
  it('gives the same from a node without receipts by block, and asks it for them once only', async () => {
    let refused = 0;
    await using old = await standIn((call) => {
      if (call.method !== 'eth_getBlockReceipts') return null;
      refused += 1;
      return { id: call.id, error: NO_METHOD };
    });
    const read = readerAt(old.url);
    const blocks = await readerAt(anvil.rpcUrl)(0, 10);
    expect(blocks.map(({ transfers }) => transfers.length)).toEqual([0, 1, 1, 1]);
    expect(await read(0, 4)).toEqual(blocks);
    expect(await read(2, 1)).toEqual(blocks.slice(2, 3));
    expect(refused).toBe(4);
  });

  it('stops before a block whose receipts are those of another, for then the node changed its chain in between', async () => {
    const foreign = await anvil.rpc('eth_getBlockReceipts', ['0x1']);
    await using torn = await standIn((call) =>
      call.method === 'eth_getBlockReceipts' && call.params[0] === '0x2'
        ? { id: call.id, result: foreign }
        : null,
    );
    expect((await readerAt(torn.url)(0, 10)).map(({ height }) => height)).toEqual([0, 1]);
  });

  it('stops before a block that the node has no receipts of yet', async () => {
    await using lagging = await standIn((call) =>
      call.method === 'eth_getBlockReceipts' && call.params[0] === '0x3'
        ? { id: call.id, result: null }
        : null,
    );
    expect((await readerAt(lagging.url)(2, 10)).map(({ height }) => height)).toEqual([2]);
    expect(await readerAt(lagging.url)(3, 10)).toEqual([]);
  });
});

it('that cannot go on because the node fails says so: a chain must not stand still without a word', async () => {
  const error = { code: -32603, message: 'internal error: database corrupted' };
  await using broken = await standIn((call) =>
    call.method === 'eth_getBlockReceipts' && call.params[0] === '0x3' ? { id: call.id, error } : null,
  );
  expect((await readerAt(broken.url)(2, 10)).map(({ height }) => height)).toEqual([2]);
  await expect(readerAt(broken.url)(3, 10)).rejects.toMatchObject({ code: 'dependency_down' });
  expect(await readerAt(broken.url)(4, 10)).toEqual([]);
});

function readerAt(url: string) {
  return createBlockReader(names, createRpcPool([createRpcClient({ url })]));
}

interface Call {
  readonly id: number;
  readonly method: string;
  readonly params: readonly unknown[];
}

/** The same node behind a server that answers some calls otherwise. */
async function standIn(answer: (call: Call) => object | null) {
  const respond = async (request: IncomingMessage, response: ServerResponse) => {
    // Our own client wrote them.
    const calls = (await json(request)) as readonly Call[];
    const answers = calls.map(async (call) => answer(call) ?? (await forward(call)));
    response.end(JSON.stringify(await Promise.all(answers)));
  };
  const server = createServer((request, response) => void respond(request, response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const stop = async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
  return { url: `http://127.0.0.1:${address.port}`, [Symbol.asyncDispose]: stop };
}

async function forward(call: Call): Promise<unknown> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(anvil.rpcUrl, { method: 'POST', headers, body: JSON.stringify(call) });
  return await response.json();
}
