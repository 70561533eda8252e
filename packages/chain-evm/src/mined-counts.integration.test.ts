import type { ChainConfig, ChainNode } from '@ironforge/chain-core';
import { branded } from '@ironforge/kernel';
import { type Anvil, startAnvil } from '@ironforge/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { other, rich } from './accounts.fixture.ts';
import { createEvmNode } from './node.ts';

const senders = [rich.address, other.address];
let first: Anvil;
let second: Anvil;
let node: ChainNode;

beforeEach(async () => {
  [first, second] = await Promise.all([startAnvil(), startAnvil()]);
  node = createEvmNode(configOf(first, second), { timeoutMs: 60_000 });
});
afterEach(async () => {
  await Promise.all([first[Symbol.asyncDispose](), second[Symbol.asyncDispose]()]);
});

describe('the count of spent nonces', () => {
  it('is read as it was at a block, and as it is at the head', async () => {
    const before = await node.head();
    await spend(first);
    const blockHash = (await node.head()).hash;
    await spend(first);
    expect(await node.minedCountsAt({ blockHash: before.hash }, senders)).toEqual([0, 0]);
    expect(await node.minedCountsAt({ blockHash }, senders)).toEqual([1, 0]);
    expect(await node.minedCountsAt('latest', senders)).toEqual([2, 0]);
    expect(await node.minedCountsAt({ blockHash }, [])).toEqual([]);
  });

  it('is not known of a block that the node does not have', async () => {
    expect(await node.minedCountsAt({ blockHash: `0x${'11'.repeat(32)}` }, senders)).toBeNull();
  });
});

describe('the endpoints, one by one', () => {
  it('each tell their own count', async () => {
    const [one, two] = node.jury.witnesses;
    await spend(first);
    expect(await one?.minedCountsAt('latest', senders)).toEqual([1, 0]);
    expect(await two?.minedCountsAt('latest', senders)).toEqual([0, 0]);
  });
});

async function spend(anvil: Anvil): Promise<void> {
  await anvil.rpc('eth_sendTransaction', [{ from: rich.address, to: other.address, value: '0x1' }]);
  await anvil.mine();
}

function configOf(...anvils: readonly Anvil[]): ChainConfig {
  return {
    chainId: branded('eip155:31337'),
    name: 'local',
    kind: 'evm',
    rpcUrls: anvils.map(({ rpcUrl }) => rpcUrl),
    wsUrl: undefined,
    nativeAssetId: branded('eip155:31337/slip44:60'),
    nativeSymbol: 'ETH',
    decimals: 18,
    confirmations: 2,
    finality: { kind: 'depth', depth: 32 },
    blockTimeMs: 500,
    feeModel: 'eip1559',
  };
}
