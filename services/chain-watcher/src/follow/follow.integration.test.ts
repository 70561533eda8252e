import { waitUntil } from '@ironforge/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ALICE, BOB, CAROL, ETHER } from '../chain-play.fixture.ts';
import { NATIVE } from '../watcher.fixture.ts';
import { startWorld, type World } from '../world.fixture.ts';

const Block = z.object({ timestamp: z.string() }).transform(({ timestamp }) => ({ time: Number(timestamp) }));
let world: World;

beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world[Symbol.asyncDispose]());

describe('following a chain', () => {
  it('sees a deposit, counts it as pending, confirms it at K = 2 and finally lets it be', async () => {
    await world.startWatcher();
    const walletId = await world.watch(BOB);
    const before = await world.balance(BOB);
    const txHash = await world.transfer(ALICE, BOB, 5n * ETHER);
    await world.anvil.mine();
    const amount = (before + 5n * ETHER).toString();
    const seen = { walletId, assetId: NATIVE, amount };
    const first = await world.hear('wallet.balance_observed', (data) => data.amount === amount);
    expect(first).toMatchObject({ ...seen, pending: (5n * ETHER).toString() });
    expect(await rows(world)).toMatchObject([
      { direction: 'in', status: 'pending', tx_hash: txHash, amount: '5000000000000000000' },
    ]);
    await world.anvil.mine();
    const second = await world.hear(
      'wallet.balance_observed',
      (data) => data.pending === '0' && data.amount === amount,
    );
    expect(second).toMatchObject({ ...seen, blockHeight: first.blockHeight + 1 });
    expect(second.version).toBeGreaterThan(first.version);
    expect(await rows(world)).toMatchObject([{ status: 'confirmed' }]);
  });

  it('tells each depth of a nonce that a watched address spent: included, confirmed, finalized', async () => {
    await world.startWatcher();
    await world.watch(ALICE);
    const txHash = await world.transfer(ALICE, BOB, 1n);
    await world.anvil.mine();
    const included = await world.hear('chain.nonce_spent', ({ depth }) => depth === 'included');
    expect(included).toMatchObject({
      address: ALICE,
      nonce: 0,
      version: 1,
      tx: { hash: txHash, to: BOB, value: '1' },
    });
    await world.anvil.mine();
    await world.hear('chain.nonce_spent', ({ depth, version }) => depth === 'confirmed' && version === 2);
    await world.anvil.mine(29);
    await world.caughtUp();
    expect(world.all('chain.nonce_spent')).toHaveLength(2);
    await world.anvil.mine();
    const final = await world.hear('chain.nonce_spent', ({ depth }) => depth === 'finalized');
    expect(final).toMatchObject({ version: 3, height: (included.tx?.blockHeight ?? 0) + 31 });
  });

  it('shows when its newest block was made, also after a start without anything new', async () => {
    {
      await using _before = await world.startWatcher();
      await world.anvil.mine(3);
      await world.caughtUp();
    }
    const { url } = await world.startWatcher();
    await world.lookedAtAgain();
    const { time } = Block.parse(await world.anvil.rpc('eth_getBlockByNumber', ['latest', false]));
    const shown = await (await fetch(new URL('/metrics', url))).text();
    const head = /^chain_head_time_seconds\{[^}]*chain="eip155:31337"[^}]*\} (\S+)$/m.exec(shown);
    expect(Number(head?.[1])).toBe(time);
  });

  it('shows a transfer between two of its wallets from both sides, the fee on the sender’s alone', async () => {
    await world.startWatcher();
    await world.watch(ALICE);
    await world.watch(BOB);
    await world.transfer(ALICE, BOB, 7n);
    await world.anvil.mine();
    await world.hear('chain.nonce_spent', ({ depth }) => depth === 'included');
    const sides = await rows(world);
    expect(new Map(sides.map((row) => [row['direction'], row['fee'] !== null]))).toEqual(
      new Map([
        ['out', true],
        ['in', false],
      ]),
    );
  });

  it('catches up over hundreds of blocks, and every balance is right at the end', async () => {
    const first = await world.startWatcher();
    await world.watch(BOB);
    await first[Symbol.asyncDispose]();
    for (let count = 0; count < 5; count++) {
      await world.transfer(ALICE, BOB, ETHER);
      await world.anvil.mine(60);
    }
    await world.startWatcher();
    await world.caughtUp();
    const amount = (await world.balance(BOB)).toString();
    await world.hear('wallet.balance_observed', (data) => data.amount === amount && data.pending === '0');
    expect(await rows(world)).toHaveLength(5);
  });

  it('waits for a node that stands still, and goes on as if nothing had been', async () => {
    await world.startWatcher();
    await world.watch(BOB);
    await world.caughtUp();
    world.anvil.freeze();
    const waits = 'following the chain waits for a part that does not answer';
    await waitUntil('the watcher to wait', () => world.log.lines.some(({ message }) => message === waits));
    world.anvil.resume();
    await world.transfer(ALICE, BOB, 1n);
    await world.anvil.mine();
    await world.hear('wallet.balance_observed', (data) => data.pending === '1');
    expect(world.log.lines.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('is led by one of two watchers at a time, and the other takes over when that one ends', async () => {
    const one = await world.startWatcher();
    await world.startWatcher();
    await world.watch(BOB);
    for (let count = 1; count <= 10; count++) {
      if (count === 5) await one[Symbol.asyncDispose]();
      await world.transfer(ALICE, BOB, 1n);
      await world.anvil.mine();
    }
    await world.caughtUp();
    const amount = (await world.balance(BOB)).toString();
    await world.hear('wallet.balance_observed', (data) => data.amount === amount);
    const versions = world
      .all('wallet.balance_observed')
      .map(({ version, pending }) => `${version} ${pending}`);
    expect(new Set(versions).size).toBe(versions.length);
    expect(await rows(world)).toHaveLength(10);
  });
});

describe('a reorg', () => {
  it.each([1, 2, 3])(
    'of depth %s that drops a deposit takes it back, and the balance follows',
    async (depth) => {
      await world.startWatcher();
      const walletId = await world.watch(BOB);
      const before = (await world.balance(BOB)).toString();
      await world.transfer(ALICE, BOB, ETHER);
      await world.anvil.mine(depth);
      await world.hear('wallet.balance_observed', (data) => data.amount !== before);
      await world.caughtUp();
      await world.anvil.reorg(depth);
      await world.caughtUp();
      await world.hear(
        'wallet.balance_observed',
        (data) => data.walletId === walletId && data.amount === before,
      );
      expect(await rows(world)).toMatchObject([{ status: 'reorged', block_height: null }]);
    },
  );

  it.each([1, 2, 3])('of depth %s that moves a transaction tells none, then its new block', async (depth) => {
    await world.startWatcher();
    await world.watch(ALICE);
    const { raw, txHash } = await world.sign({ from: ALICE, to: CAROL, value: '0x1', nonce: '0x0' });
    const { requestId, attemptId } = await world.broadcast({ address: ALICE, nonce: 0, raw, txHash });
    await world.hear('chain.tx_accepted', (data) => data.attemptId === attemptId);
    await world.anvil.mine(depth);
    const first = await world.hear('chain.tx_observed', (data) => data.winner !== null);
    await world.caughtUp();
    await world.anvil.reorg(depth, [[raw, depth - 1]]);
    await world.caughtUp();
    const second = await world.hear('chain.tx_observed', (data) => {
      return data.winner !== null && data.winner.blockHash !== first.winner?.blockHash;
    });
    expect(second).toMatchObject({ requestId, winner: { attemptId, txHash }, depth: 'included' });
    const depths = world.all('chain.tx_observed').toSorted((a, b) => a.version - b.version);
    expect(depths.map((data) => data.depth)).toEqual(
      depth === 1 ? ['included', 'none', 'included'] : ['included', 'confirmed', 'none', 'included'],
    );
    expect(await rows(world)).toMatchObject([{ status: 'pending', block_hash: second.winner?.blockHash }]);
  });

  it('above a transaction leaves it as deep as it was', async () => {
    await world.startWatcher();
    await world.watch(ALICE);
    await world.transfer(ALICE, BOB, 1n);
    await world.anvil.mine(3);
    await world.hear('chain.nonce_spent', ({ depth }) => depth === 'confirmed');
    await world.caughtUp();
    const heard = world.all('chain.nonce_spent').length;
    await world.anvil.reorg(2);
    await world.anvil.mine();
    await world.caughtUp();
    expect(world.all('chain.nonce_spent')).toHaveLength(heard);
  });

  it('that begins while no watcher runs is undone by the next one', async () => {
    const watcher = await world.startWatcher();
    await world.watch(BOB);
    const before = (await world.balance(BOB)).toString();
    await world.transfer(ALICE, BOB, ETHER);
    await world.anvil.mine(2);
    await world.hear('wallet.balance_observed', (data) => data.amount !== before);
    await world.caughtUp();
    await watcher[Symbol.asyncDispose]();
    await world.anvil.reorg(2);
    await world.startWatcher();
    await world.caughtUp();
    await world.hear('wallet.balance_observed', (data) => data.amount === before);
  });

  it('below finality stops the chain with an alert instead of undoing what was final', async () => {
    await world[Symbol.asyncDispose]();
    world = await startWorld({ finality: { kind: 'depth', depth: 3 } });
    await world.startWatcher();
    await world.watch(BOB);
    await world.anvil.mine(10);
    await world.caughtUp();
    await world.anvil.reorg(5);
    await waitUntil('the chain to be stopped', async () => {
      const [cursor] = await world.database.query('SELECT status FROM chain_cursors');
      return cursor?.['status'] === 'stopped';
    });
    expect(world.log.lines.filter(({ fields }) => fields['alert'] === true)).toHaveLength(1);
  });
});

async function rows(from: World) {
  return await from.database.query('SELECT * FROM transactions ORDER BY block_height, transfer_index');
}
