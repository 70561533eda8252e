import { type Anvil, createRpcProxy, type RpcProxy, startAnvil } from '@ironforge/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { rich } from './accounts.fixture.ts';
import { broadcast } from './broadcast.ts';
import { openAt, openWith } from './endpoints.fixture.ts';
import { find } from './find.ts';

/** Ends a wait that hangs; nothing is measured. */
const LONG = { timeout: 60_000 };
const NOBODY_LISTENS = 'http://127.0.0.1:2';
const NEVER_SENT = `0x${'22'.repeat(32)}`;

let anvil: Anvil;
let one: RpcProxy;
let two: RpcProxy;
let bytes: string;
let hash: string;

beforeEach(async () => {
  anvil = await startAnvil();
  one = await createRpcProxy(anvil.rpcUrl);
  two = await createRpcProxy(anvil.rpcUrl);
  const fields = { type: 2, chainId: 31337, nonce: 0, gasLimit: 21_000n, to: rich.address };
  bytes = await rich.signTransaction({ ...fields, maxFeePerGas: 10n ** 10n, maxPriorityFeePerGas: 1n });
  hash = String(await anvil.rpc('eth_sendRawTransaction', [bytes]));
  await anvil.rpc('anvil_dropTransaction', [hash]);
});
afterEach(async () => {
  for (const part of [one, two, anvil]) await part[Symbol.asyncDispose]();
});

const both = () => openAt(one.url, two.url);
const sent = (proxy: RpcProxy) =>
  proxy.calls.filter(({ method }) => method === 'eth_sendRawTransaction').length;
const isInPool = async () => (await anvil.rpc('eth_getTransactionByHash', [hash])) !== null;

describe('looking for a transaction', () => {
  it('one endpoint that has it is enough, whatever the others say', async () => {
    await anvil.rpc('eth_sendRawTransaction', [bytes]);
    two.interfere(() => ({ result: null }));
    expect(await find(openAt(NOBODY_LISTENS, anvil.rpcUrl), hash)).toEqual({ state: 'pending' });
    expect(await find(openAt(two.url, one.url), hash)).toEqual({ state: 'pending' });
    await anvil.mine();
    expect(await find(openAt(two.url, one.url), hash)).toMatchObject({ state: 'mined', success: true });
  });

  it('only two that do not have it make it unknown; with one down, nobody knows', async () => {
    expect(await find(both(), NEVER_SENT)).toEqual({ state: 'unknown' });
    const halfDown = openAt(NOBODY_LISTENS, anvil.rpcUrl);
    await expect(find(halfDown, NEVER_SENT)).rejects.toMatchObject({ code: 'dependency_down' });
    const lenient = openWith({ rpcUrls: [NOBODY_LISTENS, anvil.rpcUrl], rpc: { negativeQuorum: 1 } });
    expect(await find(lenient, NEVER_SENT)).toEqual({ state: 'unknown' });
  });

  it('an only endpoint must deny it twice', async () => {
    await anvil.rpc('eth_sendRawTransaction', [bytes]);
    one.interfere(async (_call, real) => (one.calls.length <= 2 ? { result: null } : await real()));
    expect(await find(openAt(one.url), hash)).toEqual({ state: 'pending' });
  });
});

describe('sending bytes', () => {
  it('goes to every endpoint that may be asked', async () => {
    expect(await broadcast(both(), bytes, hash)).toEqual({ accepted: true });
    await expect.poll(() => [sent(one), sent(two)], LONG).toEqual([1, 1]);
  });

  it('goes to so many as are configured, and to the others only when none of these takes them', async () => {
    const frugal = openWith({ rpcUrls: [one.url, two.url], rpc: { broadcastTo: 1 } });
    await broadcast(frugal, bytes, hash);
    expect([sent(one), sent(two)]).toEqual([1, 0]);
    one.hangUp();
    expect(await broadcast(frugal, bytes, hash)).toEqual({ accepted: true });
    expect(sent(two)).toBe(1);
  });

  it('is accepted when one of them takes them, also while another never answers', async () => {
    one.interfere(() => new Promise(() => undefined));
    const pool = openWith({ rpcUrls: [{ url: two.url }, { url: one.url }], timeoutMs: 60_000 });
    // The comparison of heads at the start would wait for the silent one, which is not what is tested.
    one.heal();
    await pool.ask([{ method: 'eth_chainId', params: [] }]);
    one.interfere(() => new Promise(() => undefined));
    expect(await broadcast(pool, bytes, hash)).toEqual({ accepted: true });
  });

  it('to a node that takes them and loses them reaches the chain by another', async () => {
    one.loseBytes();
    expect(await broadcast(both(), bytes, hash)).toEqual({ accepted: true });
    await expect.poll(isInPool, LONG).toBe(true);
  });

  it.each([
    ['already known', true],
    ['a tx with the same nonce already submitted', true],
    ['nonce too low', false],
    ['computer says no', false],
  ])('to nodes that all say "%s" is accepted: %s', async (message, isAccepted) => {
    for (const proxy of [one, two]) refuse(proxy, message);
    expect('accepted' in (await broadcast(both(), bytes, hash))).toBe(isAccepted);
  });

  it('that nodes call a nonce too low is accepted when one of them has our own hash, pending or mined', async () => {
    await anvil.rpc('eth_sendRawTransaction', [bytes]);
    for (const proxy of [one, two]) refuse(proxy, 'nonce too low: next nonce 1, tx nonce 0');
    expect(await broadcast(both(), bytes, hash)).toEqual({ accepted: true });
    await anvil.mine();
    expect(await broadcast(both(), bytes, hash)).toEqual({ accepted: true });
  });

  it('whose every answer is lost is of unknown outcome, and accepted once a node can be asked for the hash', async () => {
    const lost = async (proxy: RpcProxy) =>
      proxy.interfere(async (_call, real) => {
        await real();
        return {};
      });
    await Promise.all([one, two].map(lost));
    expect(await broadcast(both(), bytes, hash)).toMatchObject({ refused: { reason: 'unknown_outcome' } });
    expect(await isInPool()).toBe(true);
    for (const proxy of [one, two])
      proxy.interfere(async ({ method }, real) => (method === 'eth_sendRawTransaction' ? {} : await real()));
    expect(await broadcast(both(), bytes, hash)).toEqual({ accepted: true });
  });

  it('by endpoints that all ask to be left alone is no refusal: nobody judged the bytes', async () => {
    for (const proxy of [one, two]) proxy.answerPlainly({ status: 429, headers: { 'retry-after': '60' } });
    expect(await broadcast(both(), bytes, hash)).toMatchObject({ refused: { reason: 'rate_limited' } });
  });

  function refuse(proxy: RpcProxy, message: string): void {
    proxy.interfere(async ({ method }, real) =>
      method === 'eth_sendRawTransaction' ? { error: { code: -32000, message } } : await real(),
    );
  }
});
