import { waitUntil } from '@ironforge/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ALICE, BOB, CAROL, ETHER } from '../chain-play.fixture.ts';
import { NATIVE } from '../watcher.fixture.ts';
import { startWorld, type World } from '../world.fixture.ts';

let world: World;

beforeEach(async () => {
  world = await startWorld({ sweepBlocks: 2 });
  await world.startWatcher();
});
afterEach(() => world[Symbol.asyncDispose]());

describe('the sweep', () => {
  it('books what contracts paid between two looks, to the unit and once, beside transfers, sends and their fees', async () => {
    await watchWithMark(BOB);
    const start = await height();
    await world.payThrough(BOB, 3n * ETHER);
    await world.transfer(ALICE, BOB, ETHER);
    await world.anvil.mine();
    await world.transfer(BOB, CAROL, 5n);
    await world.payThrough(BOB, 7n);
    await world.anvil.mine(2);
    const told = await world.hear('chain.deposit_observed', ({ kind }) => kind === 'internal');
    expect(told).toMatchObject({ assetId: NATIVE, txHash: null, from: null, to: BOB });
    await sweptAgain();
    const internal = await rows(`kind = 'internal'`);
    expect(internal.reduce((sum, { amount }) => sum + BigInt(String(amount)), 0n)).toBe(3n * ETHER + 7n);
    expect(Number(internal[0]?.['range_from'])).toBeGreaterThan(start - 2);
    expect(Number(internal[0]?.['range_from'])).toBeLessThanOrEqual(start + 1);
    expect(await rows(`kind = 'unexplained'`)).toEqual([]);
    expect(await rows(`kind = 'transfer'`)).toHaveLength(2);
  });

  it('books what a token’s balance grew and shrank by itself', async () => {
    const token = await world.deployToken();
    await world.watchAsset(token.assetId);
    await watchWithMark(BOB, token.assetId);
    await token.transfer(BOB, 1_000n);
    await world.anvil.mine();
    await token.grow(50);
    await world.anvil.mine(2);
    await world.hear(
      'chain.deposit_observed',
      ({ kind, amount }) => kind === 'unexplained' && amount === '500',
    );
    await world.hear('wallet.balance_observed', ({ amount }) => amount === '1500');
    // So that what grew is confirmed by now: with its confirmation the balance would be told as well.
    await world.anvil.mine(2);
    await world.caughtUp();
    await token.grow(20);
    await sweptAgain();
    await waitUntil('the loss', async () => (await rows(`direction = 'out'`)).length === 1);
    expect(await rows(`direction = 'out'`)).toMatchObject([{ kind: 'unexplained', amount: '300' }]);
    await world.hear('wallet.balance_observed', ({ amount }) => amount === '1200');
  });

  it('takes back what an undone block had brought, and finds what the new one brings', async () => {
    await watchWithMark(BOB);
    await world.anvil.mine(4);
    await sweptAgain();
    await world.payThrough(BOB, 9n);
    await world.anvil.mine();
    await sweptAgain();
    const first = await world.hear('chain.deposit_observed', ({ kind }) => kind === 'internal');
    await world.caughtUp();
    await world.anvil.reorg((await height()) - (first.fromHeight ?? 0) + 1);
    await world.hear(
      'chain.deposit_observed',
      (data) => data.version > first.version && data.depth === 'none',
    );
    await world.payThrough(BOB, 4n);
    await sweptAgain();
    await world.hear('chain.deposit_observed', ({ amount }) => amount === '4');
    expect(await rows(`status <> 'reorged'`)).toMatchObject([{ kind: 'internal', amount: '4' }]);
  });
});

/** Watches an address and waits until its balances are known, from which on each difference counts. */
async function watchWithMark(address: string, assetId: string = NATIVE): Promise<void> {
  await world.watch(address);
  const [watched] = await world.database.query('SELECT wallet_id FROM watched_addresses');
  await world.readBalances({ walletId: String(watched?.['wallet_id']), address });
  await world.hear('wallet.balance_observed', (data) => data.assetId === assetId);
}

/** Waits until a sweep has begun and ended at a block from now on. */
async function sweptAgain(): Promise<void> {
  await world.anvil.mine(2);
  const target = await height();
  await waitUntil('a sweep', async () => {
    const [sweep] = await world.database.query('SELECT last_height FROM balance_sweeps');
    return Number(sweep?.['last_height']) >= target - 1;
  });
}

async function height(): Promise<number> {
  return Number(await world.anvil.rpc('eth_blockNumber'));
}

async function rows(condition: string) {
  return await world.database.query(`SELECT * FROM transactions WHERE ${condition} ORDER BY block_height`);
}
