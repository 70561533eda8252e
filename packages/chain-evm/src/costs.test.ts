import { Transaction } from 'ethers';
import { expect, it } from 'vitest';
import { other, rich, tokenAddress } from './accounts.fixture.ts';
import { costsOf } from './costs.ts';
import { transferData } from './erc20.ts';

const chain = { chainId: 'eip155:31337', nativeAssetId: 'eip155:31337/slip44:60' };
const fees = { gasLimit: 50_000n, maxFeePerGas: 7n, maxPriorityFeePerGas: 1n };
const native = (amount: bigint) => ({ address: rich.address, assetId: chain.nativeAssetId, amount });

async function costs(fields: object): Promise<object[]> {
  const bytes = await rich.signTransaction(
    Transaction.from({ type: 2, chainId: 31337, nonce: 0, ...fees, ...fields }),
  );
  return costsOf(config, { raw: bytes, address: rich.address });
}
const config = chain as Parameters<typeof costsOf>[0];

it('are value and highest fee, and what a token moves', async () => {
  expect(await costs({ to: other.address, value: 5n })).toEqual([native(350_005n)]);
  const assetId = `${chain.chainId}/erc20:${tokenAddress}`;
  const data = transferData(other.address, 9n);
  expect(await costs({ to: tokenAddress, data })).toEqual([
    native(350_000n),
    { address: rich.address, assetId, amount: 9n },
  ]);
});

it('of another call are the coin alone, and of no transaction nothing', async () => {
  const data = `${transferData(other.address, 9n)}00`;
  expect(await costs({ to: tokenAddress, data })).toEqual([native(350_000n)]);
  expect(costsOf(config, { raw: '0x02', address: rich.address })).toEqual([]);
});
