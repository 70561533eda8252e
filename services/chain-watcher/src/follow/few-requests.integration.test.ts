import { randomUUID } from 'node:crypto';
import { createRpcProxy, type RpcProxy, waitUntil } from '@ironforge/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startWorld, type World } from '../world.fixture.ts';

const WALLETS = 90;
const BLOCKS = 10;
const ONE_LOOK = ['eth_getBlockByNumber', 'eth_getBlockReceipts', 'eth_getBlockByNumber'];
/** An endpoint that gives nothing back while the test runs. */
const FEW = { requestsPerSecond: 0.001, burst: 400 };
/** Of a chain whose node is seldom asked whether there is a block that it did not announce. */
const SLOW = { blockTimeMs: 60_000 };

let world: World;
let line: RpcProxy;

beforeEach(async () => {
  world = await startWorld(async ({ rpcUrl }) => {
    line = await createRpcProxy(rpcUrl);
    return { ...SLOW, rpcUrls: [{ url: line.url, ...FEW }], sweepBlocks: 1 };
  });
});
afterEach(async () => {
  for (const part of [world, line]) await part[Symbol.asyncDispose]();
});

it('a block costs three calls, and a chain at rest none but a look now and then', async () => {
  await world.startWatcher();
  await oneMoreBlock();
  await waitUntil('the tip to be known', async () => (await statusOf()) === 'following');
  const before = line.calls.length;
  for (let block = 0; block < BLOCKS; block += 1) await oneMoreBlock();
  expect(line.calls.slice(before).map(({ method }) => method)).toEqual(expect.arrayContaining(ONE_LOOK));
  // The slow timer adds a look or two where a block takes the machine seconds; one more after each block would be twice as many.
  const looks = (line.calls.length - before) / ONE_LOOK.length;
  expect(looks).toBeGreaterThanOrEqual(BLOCKS);
  expect(looks).toBeLessThan(2 * BLOCKS);
});

it('what is done beside the chain leaves half of what an endpoint allows to its blocks', async () => {
  await world.database.query(
    `INSERT INTO watched_addresses (tenant_id, chain_id, address, wallet_id, user_id, from_height)
     SELECT $1, $2, '0x' || lpad(to_hex(n), 40, '0'), gen_random_uuid(), $3, 0 FROM generate_series(1, $4::INT4) AS n`,
    [world.tenantId, world.anvil.chainId, randomUUID(), WALLETS],
  );
  await world.startWatcher();
  // Each sweep ends before the next block comes: else more blocks than sweeps would use the allowance up.
  while (!hasHadItsShare()) {
    await oneMoreBlock();
    const head = Number(await world.anvil.rpc('eth_blockNumber'));
    await waitUntil('the sweep, or its wait', async () => hasHadItsShare() || (await sweptTo()) >= head);
  }
  for (let block = 0; block < 5; block += 1) await oneMoreBlock();
});

function hasHadItsShare(): boolean {
  return world.log.lines.some(({ message }) => message.startsWith('work beside the chain waits'));
}

async function statusOf(): Promise<unknown> {
  const [cursor] = await world.database.query('SELECT status FROM chain_cursors');
  return cursor?.['status'];
}

async function sweptTo(): Promise<number> {
  const [sweep] = await world.database.query('SELECT last_height::INT4 FROM balance_sweeps');
  return Number(sweep?.['last_height'] ?? -1);
}

async function oneMoreBlock(): Promise<void> {
  await world.anvil.mine();
  await world.caughtUp();
}
