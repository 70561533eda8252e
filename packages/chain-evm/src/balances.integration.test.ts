import { branded } from '@ironforge/kernel';
import { startAnvil } from '@ironforge/testing';
import { expect, it } from 'vitest';
import { other } from './accounts.fixture.ts';
import { createEvmNode } from './node.ts';

it('a contract that breaks instead of answering has no balance, and hides no other', async () => {
  await using anvil = await startAnvil();
  const node = createEvmNode({
    chainId: branded('eip155:31337'),
    name: 'local',
    kind: 'evm',
    rpcUrls: [anvil.rpcUrl],
    nativeAssetId: branded('eip155:31337/slip44:60'),
    nativeSymbol: 'ETH',
    decimals: 18,
    confirmations: 2,
    finality: { kind: 'depth', depth: 32 },
    blockTimeMs: 500,
    feeModel: 'eip1559',
  });
  const contract = '0x000000000000000000000000000000000000bAD1';
  // JUMP with nothing on the stack: no revert, and no text that nodes agree about.
  await anvil.rpc('anvil_setCode', [contract, '0x56']);
  await anvil.mine();
  const assetIds = ['eip155:31337/slip44:60', `eip155:31337/erc20:${contract.toLowerCase()}`];
  const queries = assetIds.map((assetId) => ({ address: other.address, assetId }));
  const { hash } = await node.head();
  expect(await node.balancesAt(hash, queries)).toEqual([10_000n * 10n ** 18n, 0n]);
});
