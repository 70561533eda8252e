import { randomUUID } from 'node:crypto';
import { createRpcProxy, type RpcProxy, waitUntil } from '@ironforge/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startWorld, type World } from '../world.fixture.ts';

/** A turn looks at a hundred wallets; a message has seven columns, and a statement takes 65,535 parameters. */
const TOKENS = 100;
const WALLETS = 100;

let world: World;
let line: RpcProxy;
let held = 0n;

beforeAll(async () => {
  world = await startWorld(async ({ rpcUrl }) => {
    line = await createRpcProxy(rpcUrl);
    return { rpcUrls: [line.url], sweepBlocks: 2 };
  });
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
  await line[Symbol.asyncDispose]();
});

it('a turn of the sweep that finds more than one statement can tell tells it all', async () => {
  line.interfere(async ({ method }, real) =>
    method === 'eth_call' ? { result: `0x${held.toString(16).padStart(64, '0')}` } : await real(),
  );
  const { tenantId, anvil } = world;
  await world.database.query(
    `INSERT INTO watched_addresses (tenant_id, chain_id, address, wallet_id, user_id, from_height)
     SELECT $1, $2, '0x' || lpad(to_hex(n), 40, '0'), gen_random_uuid(), $3, 0 FROM generate_series(1, $4::INT4) AS n`,
    [tenantId, anvil.chainId, randomUUID(), WALLETS],
  );
  await world.database.query(
    `INSERT INTO watched_assets (tenant_id, chain_id, asset_id, contract)
     SELECT $1, $2, $2 || '/erc20:' || c, c FROM
       (SELECT '0x' || lpad(to_hex(4096 + n), 40, '0') AS c FROM generate_series(1, $3::INT4) AS n) AS contracts`,
    [tenantId, anvil.chainId, TOKENS],
  );
  await world.startWatcher();
  await waitUntil('the first sweep', async () => {
    const sql = 'SELECT 1 FROM balance_sweeps WHERE last_height IS NOT NULL';
    return (await world.database.query(sql)).length > 0;
  });
  held = 7n;
  await anvil.mine(3);
  const count = (sql: string) => async () => Number((await world.database.query(sql))[0]?.['count']);
  const found = count(`SELECT count(*) FROM transactions WHERE kind = 'unexplained' AND amount = 7`);
  await waitUntil('what came in', async () => (await found()) === TOKENS * WALLETS);
  const told = count(`SELECT count(*) FROM outbox WHERE routing_key = 'chain.deposit_observed'`);
  expect(await told()).toBe(TOKENS * WALLETS);
});
