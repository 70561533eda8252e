import { createRpcProxy, payThroughCode, type RpcProxy, waitUntil } from '@ironforge/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ALICE, BOB, CAROL } from '../chain-play.fixture.ts';
import { startWorld, type World } from '../world.fixture.ts';

let world: World;
let line: RpcProxy;

beforeEach(async () => {
  world = await startWorld(async ({ rpcUrl }) => {
    line = await createRpcProxy(rpcUrl);
    return { rpcUrls: [line.url], confirmations: 6, sweepBlocks: 12 };
  });
  await world.startWatcher();
});
afterEach(async () => {
  for (const part of [world, line]) await part[Symbol.asyncDispose]();
});

it('what a contract pays in the block that replaces the one of a wallet’s only mark is found', async () => {
  await world.anvil.mine(4);
  await world.caughtUp();
  await watchBob();
  expect(await marks()).toEqual([4]);
  await world.anvil.reorg(2, [
    [{ from: CAROL, data: payThroughCode(BOB), value: '0x9', gas: '0x100000' }, 0],
  ]);
  await world.caughtUp();
  await waitUntil('a mark again', async () => (await marks()).length > 0);
  expect(await sweptRows()).toMatchObject([{ kind: 'internal', amount: '9', range_from: 3 }]);
});

it('a block that is corrected leaves the mark of a wallet that was watched only later', async () => {
  await world.watch(ALICE);
  await world.transfer(ALICE, CAROL, 1n);
  await world.anvil.mine();
  await world.transfer(CAROL, BOB, 50n);
  await world.anvil.mine(2);
  await world.caughtUp();
  await watchBob();
  // As if the first reading had been wrong: the node had said that the transaction failed.
  await world.database.query('UPDATE spent_nonces SET success = false');
  await world.anvil.mine(3);
  await world.hear('chain.nonce_spent', ({ depth }) => depth === 'confirmed');
  expect(corrections()).toBe(1);
  expect(await marks()).toEqual([3]);
  expect((await sweptRows()).filter(({ kind }) => kind !== 'transfer')).toEqual([]);
});

it('no block from before a wallet was watched explains its mark when the node goes on with the fork that was ours', async () => {
  await world.anvil.mine(2);
  await world.transfer(CAROL, BOB, 50n);
  await world.anvil.mine(2);
  await world.caughtUp();
  await watchBob();
  expect(await marks()).toEqual([4]);
  // As if the node had another block 3 as well, until ours of height 4 is undone.
  line.interfere(async (call, real) => {
    if (call.method !== 'eth_getBlockByNumber' || call.params[0] !== '0x3') return await real();
    const [cursor] = await world.database.query('SELECT height::INT4 FROM chain_cursors');
    return Number(cursor?.['height']) < 4 ? await real() : { result: OTHER_BLOCK };
  });
  await world.anvil.reorg(1);
  await waitUntil('the mark below', async () => (await marks()).some((height) => height < 4));
  await world.caughtUp();
  expect(await sweptRows()).toEqual([]);
});

const OTHER_BLOCK = { number: '0x3', hash: `0x${'ab'.repeat(32)}`, parentHash: `0x${'cd'.repeat(32)}` };

async function watchBob(): Promise<void> {
  const walletId = await world.watch(BOB);
  await world.readBalances({ walletId, address: BOB });
  await world.hear('wallet.balance_observed', () => true);
}

/** What is booked when a sweep has looked at every wallet. */
async function sweptRows() {
  await world.anvil.mine(14);
  await waitUntil('a sweep', async () => {
    const [sweep] = await world.database.query('SELECT last_height FROM balance_sweeps');
    return Number(sweep?.['last_height']) > 10;
  });
  return await world.database.query(
    'SELECT kind, amount, range_from::INT4, block_height::INT4 FROM transactions',
  );
}

function corrections(): number {
  return world.log.lines.filter(({ message }) => message === 'a block was read wrongly: corrected').length;
}

/** The heights of BOB's marks. */
async function marks(): Promise<number[]> {
  const sql = 'SELECT height::INT4 FROM balance_marks WHERE address = $1 ORDER BY height';
  const rows = await world.database.query(sql, [BOB]);
  return rows.map(({ height }) => Number(height));
}
