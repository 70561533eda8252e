import { payThroughCode, waitUntil } from '@ironforge/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { BOB, CAROL } from '../chain-play.fixture.ts';
import { startWorld, type World } from '../world.fixture.ts';

let world: World;

beforeEach(async () => {
  world = await startWorld({ sweepBlocks: 12 });
  await world.startWatcher();
});
afterEach(() => world[Symbol.asyncDispose]());

it('what a contract pays in the block that replaces the one of a wallet’s only mark is found', async () => {
  await world.anvil.mine(4);
  await world.caughtUp();
  const walletId = await world.watch(BOB);
  await world.readBalances({ walletId, address: BOB });
  await world.hear('wallet.balance_observed', () => true);
  expect(await marks()).toEqual([4]);
  await world.anvil.reorg(2, [
    [{ from: CAROL, data: payThroughCode(BOB), value: '0x9', gas: '0x100000' }, 0],
  ]);
  await world.caughtUp();
  await waitUntil('a mark again', async () => (await marks()).length > 0);
  await world.anvil.mine(14);
  await waitUntil('a sweep', async () => {
    const [sweep] = await world.database.query('SELECT last_height FROM balance_sweeps');
    return Number(sweep?.['last_height']) > 10;
  });
  const rows = await world.database.query(
    'SELECT kind, amount, range_from::INT4, block_height::INT4 FROM transactions',
  );
  expect(rows).toMatchObject([{ kind: 'internal', amount: '9', range_from: 3 }]);
});

async function marks(): Promise<number[]> {
  const rows = await world.database.query('SELECT height::INT4 FROM balance_marks ORDER BY height');
  return rows.map(({ height }) => Number(height));
}
