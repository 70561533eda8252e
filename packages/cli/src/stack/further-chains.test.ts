import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import {
  CHAINS_VARIABLE,
  configOf,
  developmentNodesOf,
  placesOf,
  readFurtherChains,
} from './further-chains.ts';

const folder = mkdtempSync(join(tmpdir(), 'ironforge-chains-'));
afterAll(() => rmSync(folder, { recursive: true }));

const KEY = '0123456789abcdef';
const given = {
  chainId: 'eip155:137',
  name: 'Polygon',
  rpcUrls: [{ url: `https://polygon.example/${KEY}`, burst: 5 }],
  blockTimeMs: 2_000,
  feeModel: 'eip1559',
};
const own = { chainId: 'eip155:4242', name: 'Ours', blockTimeMs: 3_000, feeModel: 'legacy' };

describe('the file of chains', () => {
  it('gives a chain that names no node one of its own, and leaves the others as they are', () => {
    const chains = read([given, own]);
    expect(developmentNodesOf(chains)).toEqual([
      { name: 'anvil-4242', chainNumber: 4242, blockTimeSeconds: 3 },
    ]);
    const address = { rpcUrl: 'http://127.0.0.1:1', wsUrl: 'ws://127.0.0.1:1' };
    const places = placesOf(chains, new Map([['anvil-4242', address]]));
    expect(places.map(({ chainId, isOurs }) => [chainId, isOurs])).toEqual([
      ['eip155:137', false],
      ['eip155:4242', true],
    ]);
    expect(chains.map((chain) => configOf(chain, places))).toEqual([
      given,
      { ...own, rpcUrls: [address.rpcUrl], wsUrl: address.wsUrl },
    ]);
  });

  it('is not needed', () => {
    expect(readFurtherChains({})).toEqual([]);
  });

  it.each<[string, string]>([
    ['a chain twice', JSON.stringify([given, given])],
    ['the local chain', JSON.stringify([{ ...own, chainId: 'eip155:31337' }])],
    ['no CAIP-2 id', JSON.stringify([{ ...given, chainId: '137' }])],
    ['a node that is no URL', JSON.stringify([{ ...given, rpcUrls: [`polygon.example/${KEY}`] }])],
    ['heads from elsewhere', JSON.stringify([{ ...given, wsUrl: `ftp://polygon.example/${KEY}` }])],
    ['heads from a fragment', JSON.stringify([{ ...given, wsUrl: `wss://polygon.example/#${KEY}` }])],
    ['half a text', JSON.stringify([given]).slice(0, -2)],
  ])('with %s is refused as wrong usage, without the keys of its nodes', (_what, text) => {
    const failure = problemOf(() => readText(text));
    expect(failure).toMatchObject({ code: 'usage' });
    expect(String(failure)).not.toContain(KEY);
  });
});

function problemOf(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}

function read(chains: readonly object[]) {
  return readText(JSON.stringify(chains));
}

function readText(text: string) {
  const path = join(folder, 'chains.json');
  writeFileSync(path, text);
  return readFurtherChains({ [CHAINS_VARIABLE]: path });
}
