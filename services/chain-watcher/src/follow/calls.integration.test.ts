import { randomUUID } from 'node:crypto';
import { createRpcProxy, type RpcProxy, waitUntil } from '@ironforge/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ALICE, BOB } from '../chain-play.fixture.ts';
import { startWorld, type World } from '../world.fixture.ts';

let world: World;
let proxy: RpcProxy;

beforeAll(async () => {
  world = await startWorld(async ({ rpcUrl }) => {
    proxy = await createRpcProxy(rpcUrl);
    return { rpcUrls: [proxy.url], sweepBlocks: 1_000_000 };
  });
  await world.startWatcher();
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
  await proxy[Symbol.asyncDispose]();
});

it('a block costs the same calls with one wallet and with five thousand: only what it touches is asked for', async () => {
  await world.watch(BOB);
  // The first sweep reads the balances of those who are there; the next one is far away.
  await waitUntil('the first sweep to be over', async () => {
    const sql = 'SELECT 1 FROM balance_sweeps WHERE last_height IS NOT NULL';
    return (await world.database.query(sql)).length > 0;
  });
  const few = await callsOfPayment();
  await world.database.query(
    `INSERT INTO watched_addresses (tenant_id, chain_id, address, wallet_id, user_id, from_height)
     SELECT $1, $2, '0x' || lpad(to_hex(n), 40, '0'), gen_random_uuid(), $3, 0 FROM generate_series(1, 5000) AS n`,
    [world.tenantId, world.anvil.chainId, randomUUID()],
  );
  expect(few).toEqual(['eth_getBalance 0x7099', 'eth_getBalance 0x7099']);
  expect(await callsOfPayment()).toEqual(few);
});

/** What can be asked about one address or contract. */
const OF_ADDRESSES = new Set(['eth_getBalance', 'eth_getTransactionCount', 'eth_call']);

/** What is asked about addresses while a payment is mined and confirmed. */
async function callsOfPayment(): Promise<string[]> {
  await world.caughtUp();
  const before = proxy.calls.length;
  await world.transfer(ALICE, BOB, 1n);
  await world.anvil.mine(2);
  await world.caughtUp();
  const asked = proxy.calls.slice(before).filter(({ method }) => OF_ADDRESSES.has(method));
  return asked.map(({ method, params }) => `${method} ${String(params[0]).slice(0, 6)}`);
}
