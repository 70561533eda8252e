import { randomUUID } from 'node:crypto';
import { createRpcProxy, type RpcProxy, waitUntil } from '@ironforge/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import { person, postAs } from '../callers.fixture.ts';
import { BOB } from '../chain-play.fixture.ts';
import { startWorld, type World } from '../world.fixture.ts';

let world: World;
let line: RpcProxy;

beforeEach(async () => {
  world = await startWorld(async ({ rpcUrl }) => {
    line = await createRpcProxy(rpcUrl);
    return { rpcUrls: [line.url] };
  });
});
afterEach(async () => {
  for (const part of [world, line]) await part[Symbol.asyncDispose]();
});

it('what came in of a token that begins to be followed while a backfill reads becomes a deposit', async () => {
  const { url } = await world.startWatcher();
  const known = await world.deployToken();
  const token = await world.deployToken();
  await known.transfer(BOB, 7n);
  await token.transfer(BOB, 900n);
  await world.anvil.mine(3);
  await world.caughtUp();
  await world.watchAsset(known.assetId);
  const walletId = await world.watch(BOB);
  await waitUntil('the first token', async () => (await watchedAssets()) === 1);
  const reading = await holdOlderCalls();
  const operator = person(world.tenantId, randomUUID(), 'wallets:write', 'wallets:read_all');
  const path = `${url}/v1/wallets/${walletId}/backfills`;
  expect(await postAs(operator, path, { fromHeight: 0 })).toMatchObject({ status: 201 });
  await reading.began;
  await world.watchAsset(token.assetId);
  await waitUntil('the second token', async () => (await watchedAssets()) === 2);
  reading.goOn();
  await world.hear('chain.deposit_observed', ({ assetId }) => assetId === token.assetId);
  expect(await world.database.query('SELECT id FROM quarantined_transfers')).toEqual([]);
});

/** Every reading of a token's balance in an older block waits. */
async function holdOlderCalls() {
  const { hash } = Head.parse(await world.anvil.rpc('eth_getBlockByNumber', ['latest', false]));
  const began = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<void>();
  line.interfere(async ({ method, params }, real) => {
    if (method !== 'eth_call' || JSON.stringify(params).includes(hash)) return await real();
    began.resolve();
    await gate.promise;
    return await real();
  });
  return { began: began.promise, goOn: gate.resolve };
}

const Head = z.object({ hash: z.string() });

async function watchedAssets(): Promise<number> {
  return (await world.database.query('SELECT asset_id FROM watched_assets')).length;
}
