import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ALICE, BOB, CAROL } from '../chain-play.fixture.ts';
import { startWorld, type World } from '../world.fixture.ts';

let world: World;

beforeEach(async () => {
  world = await startWorld();
  await world.startWatcher();
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

function told(): string[] {
  const inOrder = world.all('chain.nonce_spent').toSorted((a, b) => a.version - b.version);
  return inOrder.map(({ depth, tx }) => `${depth} ${tx?.hash}`);
}

function corrections(): number {
  return world.log.lines.filter(({ message }) => message === 'a block was read wrongly: corrected').length;
}
