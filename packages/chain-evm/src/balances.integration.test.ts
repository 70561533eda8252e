import { branded } from '@ironforge/kernel';
import {
  type Anvil,
  createRpcProxy,
  type ProxiedAnswer,
  type ProxiedCall,
  type RpcProxy,
  startAnvil,
} from '@ironforge/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { other } from './accounts.fixture.ts';
import { createEvmNode } from './node.ts';

const COIN = 'eip155:31337/slip44:60';
const BROKEN = '0x000000000000000000000000000000000000bAD1';
const HELD = '0x000000000000000000000000000000000000600D';
const ETHERS = 10_000n * 10n ** 18n;
const INTERNAL = { error: { code: -32_603, message: 'Internal error' } };

let anvil: Anvil;
let line: RpcProxy;

beforeAll(async () => {
  anvil = await startAnvil();
  line = await createRpcProxy(anvil.rpcUrl);
  // JUMP with nothing on the stack: no revert, and no text that nodes agree about.
  await anvil.rpc('anvil_setCode', [BROKEN, '0x56']);
  // Answers 100, whatever it is asked.
  await anvil.rpc('anvil_setCode', [HELD, '0x606460005260206000f3']);
  await anvil.mine();
});
afterAll(async () => {
  for (const part of [line, anvil]) await part[Symbol.asyncDispose]();
});

it('a contract that breaks instead of answering has no balance, and hides no other', async () => {
  line.heal();
  expect(await balances(COIN, tokenAt(BROKEN))).toEqual([ETHERS, 0n]);
});

describe('what a node says no to', () => {
  it.each([
    { code: 3, message: 'execution reverted: paused' },
    { code: -32_015, message: 'VM execution error.' },
    { code: -32_000, message: 'invalid opcode: INVALID' },
    { code: -32_000, message: 'invalid jump destination' },
    { code: -32_000, message: 'stack underflow (0 <=> 2)' },
    { code: -32_000, message: 'out of gas' },
    { code: -32_000, message: 'Transaction processing could not be completed due to an exception' },
  ])('as the virtual machine ($message) is a token that has no balance', async (error) => {
    answer('eth_call', { error });
    expect(await balances(COIN, tokenAt(HELD))).toEqual([ETHERS, 0n]);
  });

  it.each([
    { code: -32_603, message: 'Internal error' },
    { code: -32_000, message: 'header not found' },
    { code: -32_000, message: 'missing trie node' },
    { code: -32_000, message: 'the method is not available' },
  ])('otherwise ($message) is told of nobody: 0 is an amount, and this is none', async (error) => {
    answer('eth_call', { error });
    expect(await balances(COIN, tokenAt(HELD))).toEqual([ETHERS, null]);
  });

  it('is never a coin of 0, whatever it says', async () => {
    for (const error of [INTERNAL.error, { code: 3, message: 'execution reverted' }]) {
      answer('eth_getBalance', { error });
      expect(await balances(COIN, tokenAt(HELD))).toEqual([null, 100n]);
    }
  });

  it('or what is no amount hides no other balance', async () => {
    answer('eth_call', { result: null });
    expect(await balances(COIN, tokenAt(HELD))).toEqual([ETHERS, null]);
  });

  it('of every balance is a block of which the node has no state', async () => {
    line.interfere((call, real) => (isBalance(call) ? INTERNAL : real()));
    expect(await balances(COIN, tokenAt(HELD))).toBeNull();
  });
});

function answer(method: string, instead: ProxiedAnswer): void {
  line.interfere((call, real) => (call.method === method ? instead : real()));
}

function isBalance({ method }: ProxiedCall): boolean {
  return method === 'eth_call' || method === 'eth_getBalance';
}

function tokenAt(contract: string): string {
  return `eip155:31337/erc20:${contract.toLowerCase()}`;
}

async function balances(...assetIds: readonly string[]) {
  const node = createEvmNode({
    chainId: branded('eip155:31337'),
    name: 'local',
    kind: 'evm',
    rpcUrls: [line.url],
    nativeAssetId: branded(COIN),
    nativeSymbol: 'ETH',
    decimals: 18,
    confirmations: 2,
    finality: { kind: 'depth', depth: 32 },
    blockTimeMs: 500,
    feeModel: 'eip1559',
  });
  const { hash } = await node.head();
  return await node.balancesAt(
    hash,
    assetIds.map((assetId) => ({ address: other.address, assetId })),
  );
}
