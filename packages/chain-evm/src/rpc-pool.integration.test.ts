import type { EndpointObserver, EndpointStatus } from '@ironforge/chain-core';
import {
  type Anvil,
  createFaultProxy,
  createRpcProxy,
  type RpcProxy,
  startAnvil,
  waitUntil,
} from '@ironforge/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openAt, openWith } from './endpoints.fixture.ts';
import { askOne } from './rpc-pool.ts';

/** Ends a wait that hangs; nothing is measured. */
const LONG = { timeout: 60_000 };
const NOBODY_LISTENS = 'http://127.0.0.1:1';
const number = { method: 'eth_blockNumber', params: [] };
const NOBODY = `0x${'ab'.repeat(20)}`;
const balance = { method: 'eth_getBalance', params: [NOBODY, 'latest'] };
const chainId = { method: 'eth_chainId', params: [] };

let anvil: Anvil;
let one: RpcProxy;
let two: RpcProxy;

beforeAll(async () => {
  anvil = await startAnvil();
  await anvil.mine(50);
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
const asked = (proxy: RpcProxy) => proxy.calls.filter(({ method }) => method === 'eth_chainId').length;

describe('several endpoints', () => {
  it('are asked in their order, one for all, as long as it answers', async () => {
    const pool = openAt(one.url, two.url);
    expect(await pool.ask([chainId])).toEqual([{ result: '0x7a69' }]);
    expect([asked(one), asked(two)]).toEqual([1, 0]);
  });

  it('stand in for one another when one does not answer, whichever way it fails', async () => {
    const pool = openAt(NOBODY_LISTENS, one.url, two.url);
    expect(await pool.ask([chainId])).toEqual([{ result: '0x7a69' }]);
    one.hangUp();
    expect(await pool.ask([chainId])).toEqual([{ result: '0x7a69' }]);
    one.answerPlainly({ status: 401, body: 'Must be authenticated!' });
    expect(await pool.ask([chainId])).toEqual([{ result: '0x7a69' }]);
  });

  it('that all fail are a dependency that is down, with the name of each and no more of its URL', async () => {
    for (const proxy of [one, two]) proxy.answerPlainly((path) => ({ status: 404, body: `no ${path}` }));
    const pool = openAt(`${one.url}/v3/0123456789abcdef`, `${two.url}/?key=0123456789abcdef`);
    const failure = await pool.ask([chainId]).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'dependency_down', retry: 'later' });
    expect(String(failure)).toContain(new URL(one.url).host);
    expect(String(failure)).not.toContain('01234');
  });

  it('go on behind a line that was cut in the middle', async () => {
    await using line = await createFaultProxy(one.url);
    const pool = openWith({ rpcUrls: [line.urlFor(one.url), two.url], timeoutMs: 500 });
    // Half a second is little on a busy machine: the other one may answer before, or be too late as well.
    const answer = () => askOne(pool, 'eth_chainId', []).catch(() => null);
    expect(await waitUntil('an answer', answer)).toBe('0x7a69');
    line.cut();
    const before = asked(two);
    expect(await waitUntil('an answer of the other', answer)).toBe('0x7a69');
    expect(asked(two)).toBeGreaterThan(before);
  });
});

describe('an endpoint that does not answer', () => {
  it('is left alone after five times in a row, and asked again once it is back', async () => {
    const { observer, changes } = collecting();
    const pool = openWith({ rpcUrls: [one.url, two.url], observer });
    one.hangUp();
    await expect
      .poll(async () => (await pool.ask([chainId]), pool.statuses()[0]?.state), LONG)
      .toBe('failing');
    expect(changes.map(({ name, state }) => [name, state])).toContainEqual([
      new URL(one.url).host,
      'failing',
    ]);
    one.heal();
    await expect.poll(async () => (await pool.ask([chainId]), asked(one)), LONG).toBeGreaterThan(0);
    expect(pool.statuses()[0]?.state).toBe('asked');
    expect(changes.at(-1)?.state).toBe('asked');
  });

  it('but says of which chain it is, as one behind a cache does, is left alone until it answers more', async () => {
    const pool = openWith({ rpcUrls: [one.url, two.url], timeoutMs: 1_000 });
    one.interfere(async ({ method }, real) =>
      method === 'eth_chainId' || method === 'eth_blockNumber'
        ? await real()
        : await new Promise(() => undefined),
    );
    const told = async () => await pool.ask([balance]).catch(() => null);
    await expect.poll(async () => (await told(), pool.statuses()[0]?.state), LONG).toBe('failing');
    const before = one.calls.filter(({ method }) => method === 'eth_getBalance').length;
    for (let n = 0; n < 5; n++) expect(await told()).toEqual([{ result: '0x0' }]);
    expect(one.calls.filter(({ method }) => method === 'eth_getBalance')).toHaveLength(before);
    one.heal();
    await expect.poll(async () => (await told(), pool.statuses()[0]?.state), LONG).toBe('asked');
  });

  it('is asked all the same when it is the only one, once in a while', async () => {
    const pool = openAt(one.url);
    one.hangUp();
    await expect
      .poll(async () => (await pool.ask([chainId]).catch(() => null), pool.statuses()[0]?.state), LONG)
      .toBe('failing');
    one.heal();
    await expect.poll(() => pool.ask([chainId]).catch(() => null), LONG).toEqual([{ result: '0x7a69' }]);
  });
});

describe('an endpoint that is asked too often', () => {
  it('is left alone as long as it says, while others are asked', async () => {
    const pool = openAt(one.url, two.url);
    one.answerPlainly({ status: 429, headers: { 'retry-after': '600' } });
    expect(await pool.ask([chainId])).toEqual([{ result: '0x7a69' }]);
    expect(pool.statuses()[0]?.state).toBe('paused');
    one.heal();
    expect(await pool.ask([chainId])).toEqual([{ result: '0x7a69' }]);
    expect([asked(one), asked(two)]).toEqual([0, 2]);
  });

  it('is asked again when the time that it named is over', async () => {
    const pool = openAt(one.url, two.url);
    one.answerPlainly({ status: 429, headers: { 'retry-after': '1' } });
    await pool.ask([chainId]);
    expect(asked(two)).toBe(1);
    one.heal();
    await expect.poll(async () => (await pool.ask([chainId]), asked(one)), LONG).toBeGreaterThan(0);
  });

  it('and is the only one is waited for, if not for long: nothing fails', async () => {
    const pool = openAt(one.url);
    one.interfere(async (_call, real) =>
      one.calls.length === 1
        ? {
            error: {
              code: -32005,
              message: 'request rate limited',
              data: { rate: { backoff_seconds: 0.2 } },
            },
          }
        : await real(),
    );
    expect(await pool.ask([chainId])).toEqual([{ result: '0x7a69' }]);
    expect(asked(one)).toBe(2);
  });

  it('for long, and is the only one, is a dependency that is down, and costs no further call', async () => {
    const pool = openAt(one.url);
    one.interfere(() => ({ error: { code: -32005, message: 'rate limit exceeded, retry in 10m' } }));
    await expect(pool.ask([chainId])).rejects.toMatchObject({ code: 'dependency_down' });
    await expect(pool.ask([chainId])).rejects.toMatchObject({ code: 'dependency_down' });
    expect(asked(one)).toBe(1);
  });

  it('is never asked more often than it allows: a list longer than its burst goes out bit by bit', async () => {
    const sizes: number[] = [];
    const observer = {
      ...collecting().observer,
      called: (_name: string, calls: number) => void sizes.push(calls),
    };
    const rpcUrls = [{ url: one.url, requestsPerSecond: 50, burst: 5 }];
    const pool = openWith({ rpcUrls, observer });
    expect(await pool.ask(Array.from({ length: 13 }, () => chainId))).toHaveLength(13);
    expect(sizes).toEqual([5, 5, 3]);
  });

  it('is not asked more often either when many ask at the same time: they queue for its tokens', async () => {
    const pool = openWith({ rpcUrls: [{ url: one.url, requestsPerSecond: 1, burst: 1 }] });
    const [endpoint] = pool.askable(0);
    const startedAt = performance.now();
    const asking = [1, 2, 3].map(async () => await endpoint?.ask([chainId]));
    // Two tokens are owed and one is wanted; without the queue it would be one second for all. What has passed meanwhile is over.
    const waitMs = endpoint?.waitMs(1) ?? 0;
    expect(waitMs + performance.now() - startedAt).toBeGreaterThan(2_000);
    expect(await Promise.all(asking)).toEqual(asking.map(() => [{ result: '0x7a69' }]));
  });

  it('and has used up its burst leaves the next list to another', async () => {
    const pool = openWith({ rpcUrls: [{ url: one.url, requestsPerSecond: 0.001, burst: 2 }, two.url] });
    await pool.ask([number]);
    await pool.ask([chainId]);
    await pool.ask([chainId]);
    expect([asked(one), asked(two)]).toEqual([0, 2]);
  });
});

describe('what has no hurry', () => {
  it('leaves half of the burst to everybody else', async () => {
    const pool = openWith({ rpcUrls: [{ url: one.url, requestsPerSecond: 0.001, burst: 4 }] });
    await pool.unhurried.ask([number, number]);
    await expect(pool.unhurried.ask([number])).rejects.toThrow('not to be asked for');
    expect(await pool.ask([chainId, chainId])).toHaveLength(2);
    expect(one.calls.map(({ method }) => method)).toEqual([number, number, chainId, chainId].map(methodOf));
  });

  it('goes out bit by bit, and whoever comes meanwhile goes first', async () => {
    const sizes: number[] = [];
    const called = (_name: string, calls: number) => void sizes.push(calls);
    const rpcUrls = [{ url: one.url, requestsPerSecond: 50, burst: 10 }];
    const pool = openWith({ rpcUrls, observer: { ...collecting().observer, called } });
    const slow = pool.unhurried.ask(Array.from({ length: 10 }, () => number));
    const quick = pool.ask([chainId, chainId]);
    expect([(await quick).length, (await slow).length]).toEqual([2, 10]);
    expect(sizes).toEqual([5, 2, 5]);
  });
});

describe('an endpoint whose head is behind the others', () => {
  const rpc = { maxLagBlocks: 3 };

  it('is not asked until it caught up', async () => {
    const { observer, changes } = collecting();
    one.lag(10);
    const pool = openWith({ rpcUrls: [one.url, two.url], rpc, observer });
    expect(await pool.ask([number])).toEqual([{ result: '0x32' }]);
    expect(pool.statuses()).toMatchObject([{ state: 'lagging', lagBlocks: 10 }, { state: 'asked' }]);
    expect(changes).toMatchObject([{ name: new URL(one.url).host, state: 'lagging', lagBlocks: 10 }]);
    one.heal();
    await expect.poll(async () => (await pool.ask([chainId]), asked(one)), LONG).toBeGreaterThan(0);
    expect(pool.statuses()[0]).toMatchObject({ state: 'asked', lagBlocks: 0 });
  });

  it('by no more than is usual is asked like any other', async () => {
    one.lag(3);
    expect(await openWith({ rpcUrls: [one.url, two.url], rpc }).ask([number])).toEqual([{ result: '0x2f' }]);
  });

  it('is not asked either when the others are down: an old answer is worse than none', async () => {
    one.lag(10);
    const pool = openWith({ rpcUrls: [one.url, two.url], rpc });
    await pool.ask([number]);
    two.hangUp();
    await expect(pool.ask([number])).rejects.toMatchObject({ code: 'dependency_down' });
  });

  it('and that is alone has nobody to be behind of', async () => {
    one.lag(10);
    expect(await openWith({ rpcUrls: [one.url], rpc }).ask([number])).toEqual([{ result: '0x28' }]);
  });

  it('because one of three lies about its height is asked all the same', async () => {
    await using liar = await createRpcProxy(anvil.rpcUrl);
    liar.interfere(async ({ method }, real) =>
      method === 'eth_getBlockByNumber' ? { result: { number: '0xffffff' } } : real(),
    );
    const pool = openWith({ rpcUrls: [one.url, two.url, liar.url], rpc });
    expect(await pool.ask([number])).toEqual([{ result: '0x32' }]);
    expect(pool.statuses().map(({ state }) => state)).toEqual(['asked', 'asked', 'asked']);
  });
});

function collecting() {
  const changes: EndpointStatus[] = [];
  const observer: EndpointObserver = {
    called: () => undefined,
    failed: () => undefined,
    changed: (status) => void changes.push(status),
  };
  return { observer, changes };
}
