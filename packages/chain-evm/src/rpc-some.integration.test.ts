import { hasCode } from '@ironforge/kernel';
import {
  type Anvil,
  createRpcProxy,
  type ProxiedAnswer,
  type RpcProxy,
  startAnvil,
} from '@ironforge/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openAt } from './endpoints.fixture.ts';

const CHAIN_ID = { result: '0x7a69' };
const ABORTED = { error: { code: -32_000, message: 'execution aborted (timeout = 5s)' } };
const TOO_OFTEN = { error: { code: -32_005, message: 'rate limit exceeded' } };
const calls = ['eth_chainId', 'eth_call'].map((method) => ({ method, params: [] }));

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

describe('a list of which some answers are enough', () => {
  it('lacks those alone that nobody gives', async () => {
    answer(one, ABORTED);
    expect(await openAt(one.url).askSome(calls)).toEqual([CHAIN_ID, null]);
    await expect(openAt(one.url).ask(calls)).rejects.toMatchObject({ code: 'dependency_down' });
  });

  it('is asked of the next endpoint, which may give them all', async () => {
    answer(one, ABORTED);
    answer(two, { result: '0x64' });
    expect(await openAt(one.url, two.url).askSome(calls)).toEqual([CHAIN_ID, { result: '0x64' }]);
  });

  it('is none while an endpoint was asked too often: it would tell later', async () => {
    answer(one, TOO_OFTEN);
    // For how long depends on which of its pauses is under way when the patience ends.
    await expect(openAt(one.url).askSome(calls)).rejects.toSatisfy(
      (error) => hasCode(error, 'dependency_down') && (error.retryAfterSeconds ?? 0) > 0,
    );
  });

  it('says so as well when nobody may be asked yet', async () => {
    const pool = openAt(one.url);
    one.answerPlainly({ status: 429, headers: { 'retry-after': '600' } });
    await pool.askSome(calls).catch(() => null);
    await expect(pool.askSome(calls)).rejects.toMatchObject({ retryAfterSeconds: 600 });
  });

  it('of which nobody gives any is a dependency that is down', async () => {
    one.hangUp();
    const down = { code: 'dependency_down', retryAfterSeconds: undefined };
    await expect(openAt(one.url).askSome(calls)).rejects.toMatchObject(down);
  });
});

function answer(proxy: RpcProxy, toCalls: ProxiedAnswer): void {
  proxy.interfere((call, real) => (call.method === 'eth_call' ? toCalls : real()));
}
