import { afterEach, beforeEach, expect, it } from 'vitest';
import { ALICE, BOB } from '../chain-play.fixture.ts';
import { startWorld, type World } from '../world.fixture.ts';

let world: World;

beforeEach(async () => {
  world = await startWorld({ confirmations: 2 });
  await world.startWatcher();
});
afterEach(() => world[Symbol.asyncDispose]());

it('the balance told with the block in which a deposit got its confirmations is told anew when that block is undone', async () => {
  await world.watch(BOB);
  const before = await world.balance(BOB);
  const told = (amount: bigint) =>
    world.hear('wallet.balance_observed', (data) => data.amount === `${amount}` && data.pending === '0');
  await world.transfer(ALICE, BOB, 5n);
  await world.anvil.mine();
  await world.caughtUp();
  await world.payThrough(BOB, 9n);
  await world.anvil.mine();
  await told(before + 14n);
  await world.anvil.reorg(1);
  await world.caughtUp();
  expect(await world.balance(BOB)).toBe(before + 5n);
  await told(before + 5n);
});

it('a balance that was read because somebody asked is told anew when the block at which it was read is undone', async () => {
  const walletId = await world.watch(BOB);
  const before = await world.balance(BOB);
  const told = (amount: bigint, after: number) =>
    world.hear(
      'wallet.balance_observed',
      ({ amount: said, version }) => said === `${amount}` && version > after,
    );
  await world.readBalances({ walletId, address: BOB });
  await told(before, 0);
  await world.payThrough(BOB, 9n);
  await world.anvil.mine();
  await world.caughtUp();
  await world.readBalances({ walletId, address: BOB });
  const { version } = await told(before + 9n, 0);
  await world.anvil.reorg(1);
  await world.caughtUp();
  expect(await world.balance(BOB)).toBe(before);
  await told(before, version);
});
