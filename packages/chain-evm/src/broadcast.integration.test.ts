import { startAnvil } from '@ironforge/testing';
import { expect, it } from 'vitest';
import { rich } from './accounts.fixture.ts';
import { broadcast, find } from './broadcast.ts';
import { createRpcClient } from './rpc-client.ts';
import { createRpcPool } from './rpc-pool.ts';

const NOBODY_LISTENS = 'http://127.0.0.1:2';
const NEVER_SENT = `0x${'22'.repeat(32)}`;

it('one endpoint that has a transaction is enough, and only all of them make it unknown', async () => {
  await using anvil = await startAnvil();
  const [both, halfDown] = [poolOf(anvil.rpcUrl, anvil.rpcUrl), poolOf(NOBODY_LISTENS, anvil.rpcUrl)];
  const fields = { type: 2, chainId: 31337, nonce: 0, gasLimit: 21_000n, to: rich.address };
  const bytes = await rich.signTransaction({ ...fields, maxFeePerGas: 10n ** 10n, maxPriorityFeePerGas: 1n });
  const hash = String(await anvil.rpc('eth_sendRawTransaction', [bytes]));
  expect(await find(halfDown, hash)).toEqual({ state: 'pending' });
  await anvil.mine();
  expect(await find(halfDown, hash)).toMatchObject({ state: 'mined' });
  expect(await broadcast(halfDown, bytes, hash)).toEqual({ accepted: true });
  expect(await find(both, NEVER_SENT)).toEqual({ state: 'unknown' });
  await expect(find(halfDown, NEVER_SENT)).rejects.toMatchObject({ code: 'dependency_down' });
});

function poolOf(...urls: readonly string[]) {
  return createRpcPool(urls.map((url) => createRpcClient({ url })));
}
