import { randomUUID } from 'node:crypto';
import { createRpcProxy, type RpcProxy, waitUntil } from '@ironforge/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ALICE, BOB } from '../chain-play.fixture.ts';
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

it('of a chain of which no block was read a new wallet waits, and being asked about one piles nothing up', async () => {
  line.hangUp();
  await world.startWatcher();
  const asked = randomUUID();
  await world.askToWatch(asked, BOB);
  const created = await world.register(ALICE);
  await waitUntil('the question to be let go', async () => {
    return (await world.database.query('SELECT 1 FROM inbox')).length === 1;
  });
  line.heal();
  await world.hear('chain.address_watched', ({ walletId }) => walletId === created);
  expect(world.all('chain.address_watched').map(({ walletId }) => walletId)).toEqual([created]);
});
