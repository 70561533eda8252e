import { type Anvil, createRpcProxy, type RpcProxy, startAnvil } from '@ironforge/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openAt } from './endpoints.fixture.ts';

const NOBODY = `0x${'ab'.repeat(20)}`;
const balance = { method: 'eth_getBalance', params: [NOBODY, 'latest'] };
const chainId = { method: 'eth_chainId', params: [] };

let anvil: Anvil;
let one: RpcProxy;
let two: RpcProxy;

beforeAll(async () => {
  anvil = await startAnvil();
});
afterAll(() => anvil[Symbol.asyncDispose]());
beforeEach(async () => {
  one = await createRpcProxy(anvil.rpcUrl);
  two = await createRpcProxy(anvil.rpcUrl);
});
afterEach(async () => {
  for (const proxy of [one, two]) await proxy[Symbol.asyncDispose]();
});

const methodOf = ({ method }: { readonly method: string }) => method;

describe('an endpoint that answers with a fault of its own', () => {
  const fault = { error: { code: 4444, message: 'pruned history unavailable' } };
  const failing = (proxy: RpcProxy, failed: string) =>
    proxy.interfere(async ({ method }, real) => (method === failed ? fault : await real()));

  it('is stood in for where no chain answers with an error', async () => {
    const pool = openAt(one.url, two.url);
    failing(one, 'eth_getBalance');
    expect(await pool.ask([chainId, balance])).toEqual([{ result: '0x7a69' }, { result: '0x0' }]);
    expect(await pool.askSome([balance])).toEqual([{ result: '0x0' }]);
  });

  it('is heard when all have one', async () => {
    const pool = openAt(one.url, two.url);
    for (const proxy of [one, two]) failing(proxy, 'eth_getBalance');
    expect(await pool.ask([balance])).toEqual([fault]);
  });

  it('is heard at once where it may be the answer of the chain, or of what the node can do', async () => {
    const pool = openAt(one.url, two.url);
    failing(one, 'eth_call');
    const call = { method: 'eth_call', params: [{ to: NOBODY }, 'latest'] };
    expect(await pool.ask([call])).toEqual([fault]);
    const unknown = { error: { code: -32601, message: 'method not found' } };
    one.interfere(async ({ method }, real) => (method === 'eth_getBalance' ? unknown : await real()));
    expect(await pool.ask([balance])).toEqual([unknown]);
    expect(two.calls.map(methodOf)).not.toContain('eth_call');
    expect(two.calls.map(methodOf)).not.toContain('eth_getBalance');
  });
});
