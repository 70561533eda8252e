import { describe, expect, it } from 'vitest';
import { internalKeys } from './callers.fixture.ts';
import { parseConfig } from './config.ts';

const KEY = '0123456789abcdef';
const url = `https://node.example/v3/${KEY}`;

describe('the endpoints of a chain', () => {
  it('are URLs, or objects with what each allows', () => {
    const limited = { url, requestsPerSecond: 10, burst: 20, maxBatch: 5 };
    const rpc = { maxLagBlocks: 3, negativeQuorum: 2, broadcastTo: 1 };
    const [chain] = parse({ rpcUrls: [url, limited], rpc }).CHAINS;
    expect(chain).toMatchObject({ rpcUrls: [url, limited], rpc });
    expect(parse({ rpcUrls: [url] }).CHAINS[0]?.rpc).toBeUndefined();
    for (const wsUrl of ['ws://127.0.0.1:8546', `wss://node.example/v3/${KEY}`, null])
      expect(parse({ rpcUrls: [url], wsUrl }).CHAINS[0]?.wsUrl).toBe(wsUrl ?? undefined);
  });

  it.each<[string, object]>([
    ['none', { rpcUrls: [] }],
    ['no URL', { rpcUrls: [`node.example/${KEY}`] }],
    ['another protocol', { rpcUrls: [`ftp://node.example/${KEY}`] }],
    ['of no WebSocket', { rpcUrls: [url], wsUrl: url }],
    ['of a file', { rpcUrls: [url], wsUrl: `ftp://node.example/${KEY}` }],
    ['of a WebSocket with a fragment', { rpcUrls: [url], wsUrl: `wss://node.example/#${KEY}` }],
    ['fewer than must agree', { rpcUrls: [url], rpc: { negativeQuorum: 2 } }],
    ['no calls allowed', { rpcUrls: [{ url, requestsPerSecond: 0 }] }],
    ['a misspelt rule', { rpcUrls: [url], rpc: { maxLag: 3 } }],
  ])('that are %s are refused, and the problem is told without their key', (_what, change) => {
    const failure = problemOf(() => parse(change));
    expect(failure).toMatchObject({ code: 'config_invalid' });
    expect(`${String(failure)} ${JSON.stringify(failure)}`).not.toContain(KEY);
  });

  it('belong to one entry: a chain that is there twice is refused', () => {
    const [chain] = parse({ rpcUrls: [url] }).CHAINS;
    expect(problemOf(() => parseText(JSON.stringify([chain, chain])))).toMatchObject({
      code: 'config_invalid',
    });
    expect(parseText(JSON.stringify([chain, { ...chain, chainId: 'eip155:5' }])).CHAINS).toHaveLength(2);
  });

  it('in a list that is no JSON are not told either', () => {
    const failure = problemOf(() => parseText(`[{"rpcUrls":["${url}"`));
    expect(failure).toMatchObject({ code: 'config_invalid' });
    expect(`${String(failure)} ${JSON.stringify(failure)}`).not.toContain(KEY);
  });
});

function problemOf(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}

function parse(change: object) {
  const native = { nativeAssetId: 'eip155:1/slip44:60', nativeSymbol: 'ETH', decimals: 18 };
  const rules = { confirmations: 12, finality: { kind: 'tag' }, blockTimeMs: 12_000, feeModel: 'eip1559' };
  const chain = { chainId: 'eip155:1', name: 'Ethereum', kind: 'evm', ...native, ...rules, ...change };
  return parseText(JSON.stringify([chain]));
}

function parseText(CHAINS: string) {
  return parseConfig({
    PORT: '0',
    NODE_ENV: 'test',
    CHAIN: 'evm',
    CHAINS,
    DATABASE_URL: 'postgres://unused',
    AMQP_URL: 'amqp://unused',
    REDIS_URL: 'redis://unused',
    ...internalKeys(),
  });
}
