import { randomUUID } from 'node:crypto';
import { waitUntil } from '@ironforge/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { person, postAs } from '../callers.fixture.ts';
import { ALICE, BOB, CAROL } from '../chain-play.fixture.ts';
import { startWorld, type World } from '../world.fixture.ts';

let world: World;
let watcher: Awaited<ReturnType<World['startWatcher']>>;

beforeEach(async () => {
  world = await startWorld();
  watcher = await world.startWatcher();
  await world.watch(ALICE);
});
afterEach(() => world[Symbol.asyncDispose]());

describe('a block that was read wrongly is read again before it counts, and corrected', () => {
  it('a transaction that was called reverted and was not', async () => {
    const hash = await world.transfer(ALICE, BOB, 1n);
    await world.anvil.mine();
    await world.hear('chain.nonce_spent', ({ depth }) => depth === 'included');
    await world.caughtUp();
    // As if the first reading had been wrong: the node had said that the transaction failed.
    await world.database.query('UPDATE spent_nonces SET success = false');
    await world.anvil.mine();
    await world.hear('chain.nonce_spent', ({ depth, tx }) => depth === 'confirmed' && tx?.success === true);
    expect(told()).toEqual([`included ${hash}`, 'none undefined', `included ${hash}`, `confirmed ${hash}`]);
    expect(corrections()).toBe(1);
  });

  it('and is told to no wallet that was watched only later, unless a backfill had read it', async () => {
    await world.transfer(ALICE, BOB, 1n);
    const hash = await world.transfer(ALICE, CAROL, 2n);
    await world.anvil.mine();
    await world.caughtUp();
    await world.watch(BOB);
    await backfilled(await world.watch(CAROL));
    await world.database.query('UPDATE spent_nonces SET success = false');
    await world.anvil.mine();
    await world.hear('chain.nonce_spent', ({ depth, tx }) => depth === 'confirmed' && tx?.success === true);
    expect(corrections()).toBe(1);
    const got = await world.database.query(
      `SELECT tx_hash, amount, status FROM transactions WHERE direction = 'in'`,
    );
    expect(got).toEqual([{ tx_hash: hash, amount: '2', status: 'confirmed' }]);
    await world.hear('chain.deposit_observed', ({ depth }) => depth === 'confirmed');
    expect(new Set(world.all('chain.deposit_observed').map(({ txHash }) => txHash))).toEqual(new Set([hash]));
  });

  it('an attempt of ours that was called mined and was not: it ends nobody who was offered its nonce', async () => {
    const call = { from: ALICE, to: CAROL, nonce: '0x0' };
    const mined = await world.sign({ ...call, value: '0x1' });
    const cancel = await world.sign({ ...call, to: ALICE, value: '0x0', maxFeePerGas: '0xee6b2800' });
    const ids = await world.broadcast({ address: ALICE, nonce: 0, ...mined });
    await world.hear('chain.tx_accepted', ({ attemptId }) => attemptId === ids.attemptId);
    await world.anvil.mine();
    await world.hear('chain.tx_observed', ({ depth }) => depth === 'included');
    const other = await world.broadcast({ address: ALICE, nonce: 0, ...cancel });
    await world.hear('chain.tx_refused', ({ attemptId }) => attemptId === other.attemptId);
    await world.caughtUp();
    // As if the node had shown the other one.
    await world.database.query(`UPDATE spent_nonces SET tx_hash = '${cancel.txHash}'`);
    await world.anvil.mine();
    await world.hear('chain.nonce_spent', ({ depth }) => depth === 'confirmed');
    expect(told().at(-1)).toBe(`confirmed ${mined.txHash}`);
    expect(corrections()).toBe(1);
    const { winner } = await world.hear('chain.tx_observed', ({ depth }) => depth === 'confirmed');
    expect(winner?.txHash).toBe(mined.txHash);
  });
});

/** Reads the blocks from before for a wallet. */
async function backfilled(walletId: string): Promise<void> {
  const operator = person(world.tenantId, randomUUID(), 'wallets:read_all', 'wallets:write');
  const path = `${watcher.url}/v1/wallets/${walletId}/backfills`;
  expect(await postAs(operator, path, { fromHeight: 0 })).toMatchObject({ status: 201 });
  await waitUntil('the end of the backfill', async () => {
    const [backfill] = await world.database.query('SELECT status FROM backfills');
    return backfill?.['status'] === 'done';
  });
}

function told(): string[] {
  const inOrder = world.all('chain.nonce_spent').toSorted((a, b) => a.version - b.version);
  return inOrder.map(({ depth, tx }) => `${depth} ${tx?.hash}`);
}

function corrections(): number {
  return world.log.lines.filter(({ message }) => message === 'a block was read wrongly: corrected').length;
}
