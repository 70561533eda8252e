import { createRpcProxy, type ProxiedAnswer, type RpcProxy } from '@ironforge/testing';
import { parseJson } from '@ironforge/kernel';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { BOB } from '../chain-play.fixture.ts';
import { startWorld, type World } from '../world.fixture.ts';

let world: World;
let line: RpcProxy;

beforeEach(async () => {
  world = await startWorld(async ({ rpcUrl }) => {
    line = await createRpcProxy(rpcUrl);
    return { rpcUrls: [line.url] };
  });
  await world.startWatcher();
});
afterEach(async () => {
  for (const part of [world, line]) await part[Symbol.asyncDispose]();
});

it('a transaction that a reorg mines again with another log is credited in the asset that the new log names', async () => {
  const [one, other] = [await world.deployToken(), await world.deployToken()];
  for (const { assetId } of [one, other]) await world.watchAsset(assetId);
  const walletId = await world.watch(BOB);
  const txHash = await one.transfer(BOB, 900n);
  await world.anvil.mine();
  await world.hear('chain.deposit_observed', ({ depth }) => depth === 'included');
  await world.caughtUp();
  const raw = await world.anvil.rpc('eth_getRawTransactionByHash', [txHash]);
  // As a contract that asks a price, or who was first, may do on another fork; what is held then is not read here.
  line.interfere(async ({ method }, real) => {
    if (method === 'eth_call') return { error: { code: -32_603, message: 'Internal error' } };
    return method === 'eth_getBlockReceipts'
      ? exchanged(await real(), contractOf(one), contractOf(other))
      : await real();
  });
  await world.anvil.reorg(1, [[raw, 0]]);
  await world.hear('chain.deposit_observed', ({ depth }) => depth === 'none');
  const again = await world.hear('chain.deposit_observed', (told) => told.version === 3);
  expect(again).toMatchObject({ walletId, txHash, assetId: other.assetId, amount: '900', to: BOB });
});

function contractOf({ assetId }: { readonly assetId: string }): string {
  return assetId.slice(assetId.lastIndexOf(':') + 1).toLowerCase();
}

function exchanged(answer: ProxiedAnswer, one: string, other: string): ProxiedAnswer {
  return { result: parseJson(JSON.stringify(answer['result']).replaceAll(one, other)) };
}
