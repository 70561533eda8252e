import {
  type Anvil,
  createRpcProxy,
  type ProxiedAnswer,
  type ProxiedCall,
  startAnvil,
} from '@ironforge/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { other, rich } from './accounts.fixture.ts';
import { createBlockReader, readBlockByHash } from './block-reader.ts';
import { openAt } from './endpoints.fixture.ts';

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
      return { error: NO_METHOD };
    });
    const read = readerAt(old.url);
    const blocks = await readerAt(anvil.rpcUrl)(0, 10);
    expect(blocks.map(({ transfers }) => transfers.length)).toEqual([0, 1, 1, 1]);
    expect(await read(0, 4)).toEqual(blocks);
    expect(await read(2, 1)).toEqual(blocks.slice(2, 3));
    expect(refused).toBe(4);
  });

  it('tells how far the node is together with the blocks, also one without receipts by block', async () => {
    await using old = await standIn(({ method }) =>
      method === 'eth_getBlockReceipts' ? { error: NO_METHOD } : null,
    );
    for (const url of [anvil.rpcUrl, old.url]) {
      const { blocksFrom, newsFrom } = createBlockReader(names, openAt(url));
      const blocks = await blocksFrom(2, 10);
      expect((await newsFrom(2, 1)).blocks).toEqual(blocks.slice(0, 1));
      expect(await newsFrom(4, 2)).toMatchObject({ blocks: [], head: { height: 3, hash: blocks[1]?.hash } });
    }
  });

  it('stops before a block whose receipts are those of another, for then the node changed its chain in between', async () => {
    const foreign = await anvil.rpc('eth_getBlockReceipts', ['0x1']);
    await using torn = await standIn((call) =>
      call.method === 'eth_getBlockReceipts' && call.params[0] === '0x2' ? { result: foreign } : null,
    );
    expect((await readerAt(torn.url)(0, 10)).map(({ height }) => height)).toEqual([0, 1]);
  });

  it('stops before a block that the node has no receipts of yet', async () => {
    await using lagging = await standIn((call) =>
      call.method === 'eth_getBlockReceipts' && call.params[0] === '0x3' ? { result: null } : null,
    );
    expect((await readerAt(lagging.url)(2, 10)).map(({ height }) => height)).toEqual([2]);
    expect(await readerAt(lagging.url)(3, 10)).toEqual([]);
  });
});

describe('a block by its hash', () => {
  it('is the same as by its height, also from a node without receipts by block', async () => {
    const [, block] = await readerAt(anvil.rpcUrl)(1, 2);
    const hash = block?.hash ?? '';
    expect(await readBlockByHash(names, openAt(anvil.rpcUrl), hash)).toEqual(block);
    await using old = await standIn(({ method }) =>
      method === 'eth_getBlockReceipts' ? { error: NO_METHOD } : null,
    );
    expect(await readBlockByHash(names, openAt(old.url), hash)).toEqual(block);
  });

  it('is none when the node has no such block, or has another at its height now', async () => {
    const pool = openAt(anvil.rpcUrl);
    expect(await readBlockByHash(names, pool, `0x${'11'.repeat(32)}`)).toBeNull();
    await using moved = await standIn(({ method, params }) =>
      method === 'eth_getBlockByNumber' && params[1] === false ? { result: { hash: '0x22' } } : null,
    );
    const [block] = await readerAt(anvil.rpcUrl)(2, 1);
    expect(await readBlockByHash(names, openAt(moved.url), block?.hash ?? '')).toBeNull();
  });
});

it('is read receipt by receipt where a node refuses to tell them together, in whatever words', async () => {
  const error = { code: -32600, message: 'Unsupported method: eth_getBlockReceipts on THIS_NETWORK' };
  await using provider = await standIn(({ method }) =>
    method === 'eth_getBlockReceipts' ? { error } : null,
  );
  expect(await readerAt(provider.url)(2, 10)).toEqual(await readerAt(anvil.rpcUrl)(2, 10));
});

it('that cannot go on because the node fails says so: a chain must not stand still without a word', async () => {
  const error = { code: -32603, message: 'internal error: database corrupted' };
  const [, third] = await readerAt(anvil.rpcUrl)(2, 10);
  const lost = third?.transactions.map(({ hash }) => hash) ?? [];
  await using broken = await standIn(({ method, params }) =>
    (method === 'eth_getBlockReceipts' && params[0] === '0x3') || lost.includes(String(params[0]))
      ? { error }
      : null,
  );
  expect((await readerAt(broken.url)(2, 10)).map(({ height }) => height)).toEqual([2]);
  await expect(readerAt(broken.url)(3, 10)).rejects.toMatchObject({ code: 'dependency_down' });
  expect(await readerAt(broken.url)(4, 10)).toEqual([]);
});

function readerAt(url: string) {
  return createBlockReader(names, openAt(url)).blocksFrom;
}

/** The same node behind a server that answers some calls otherwise. */
async function standIn(answer: (call: ProxiedCall) => ProxiedAnswer | null) {
  const proxy = await createRpcProxy(anvil.rpcUrl);
  proxy.interfere(async (call, real) => answer(call) ?? (await real()));
  return proxy;
}
