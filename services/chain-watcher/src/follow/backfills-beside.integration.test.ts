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

it('a long backfill, and one that cannot go on, keep a short one from nothing', async () => {
  await world.anvil.mine(200);
  await world.startWatcher();
  await world.caughtUp();
  const [long, short] = [await world.watch(ALICE), await world.watch(BOB)];
  line.interfere(async ({ method, params }, real) => {
    const isOld = method === 'eth_getBlockByNumber' && Number(params[0]) < 100;
    return isOld ? { error: { code: -32_000, message: 'pruned history unavailable' } } : await real();
  });
  await begin(long, 0);
  await begin(short, 150);
  await waitUntil('the short one', async () => (await standing(short))['status'] === 'done');
  expect(await standing(long)).toMatchObject({ status: 'running', next_height: '0' });
  line.heal();
  await waitUntil('the long one', async () => (await standing(long))['status'] === 'done');
});

it('one that cannot go on, and is the furthest behind and the shortest, keeps another from nothing', async () => {
  await world.anvil.mine(200);
  await world.startWatcher();
  await world.caughtUp();
  const [stuck, other] = [await world.watch(ALICE), await world.watch(BOB)];
  line.interfere(async ({ method, params }, real) => {
    const isOld = method === 'eth_getBlockByNumber' && Number(params[0]) < 100;
    return isOld ? { error: { code: -32_000, message: 'pruned history unavailable' } } : await real();
  });
  await begin(stuck, 0);
  await world.database.query('UPDATE backfills SET to_height = 20');
  await begin(other, 120);
  await waitUntil('the other', async () => (await standing(other))['status'] === 'done', {
    timeoutMs: 30_000,
  });
  expect(await standing(stuck)).toMatchObject({ status: 'running', next_height: '0' });
  line.heal();
  await waitUntil('the stuck one', async () => (await standing(stuck))['status'] === 'done');
});

async function begin(walletId: string, from: number): Promise<void> {
  await world.database.query(
    `INSERT INTO backfills (id, tenant_id, wallet_id, user_id, chain_id, address, from_height, to_height, next_height, status)
     SELECT gen_random_uuid(), tenant_id, wallet_id, user_id, chain_id, address, $2::INT8, from_height, $2::INT8, 'running'
     FROM watched_addresses WHERE wallet_id = $1`,
    [walletId, from],
  );
}

async function standing(walletId: string): Promise<Record<string, unknown>> {
  const sql = 'SELECT status, next_height::TEXT FROM backfills WHERE wallet_id = $1';
  return { ...(await world.database.query(sql, [walletId]))[0] };
}
