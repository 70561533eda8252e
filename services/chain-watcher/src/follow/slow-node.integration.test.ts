import { setTimeout as sleep } from 'node:timers/promises';
import { createRpcProxy, type RpcProxy } from '@ironforge/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startWorld, type World } from '../world.fixture.ts';

/** Longer than a lease, and shorter than an exchange may take. */
const SLOW_MS = 4_000;

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

it('a leader whose node is slow keeps the lead: a second watcher of the same node would do no better', async () => {
  await world.startWatcher();
  await world.caughtUp();
  const before = await lead();
  line.interfere(async (_call, real) => {
    await sleep(SLOW_MS);
    return await real();
  });
  await world.startWatcher();
  await world.anvil.mine();
  await world.caughtUp();
  await sleep(SLOW_MS);
  expect(await lead()).toEqual(before);
});

it('a leader that ends leaves the lead to the second', async () => {
  const first = await world.startWatcher();
  await world.caughtUp();
  await world.startWatcher();
  const { fence } = await lead();
  await first[Symbol.asyncDispose]();
  await world.anvil.mine();
  await world.caughtUp();
  expect(Number((await lead()).fence)).toBeGreaterThan(Number(fence));
});

async function lead() {
  const [row] = await world.database.query('SELECT leader, fence::TEXT FROM chain_cursors');
  return { leader: row?.['leader'], fence: row?.['fence'] };
}
