import { waitUntil } from '@ironforge/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ALICE, BOB } from '../chain-play.fixture.ts';
import { startWorld, type World } from '../world.fixture.ts';

let world: World;

beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world[Symbol.asyncDispose]());

describe('bad news of a nonce', () => {
  it('is not confirmed while a second reading of its block differs from the first', async () => {
    await world.startWatcher();
    await world.watch(ALICE);
    await world.transfer(ALICE, BOB, 1n);
    await world.anvil.mine();
    await world.hear('chain.nonce_spent', ({ depth }) => depth === 'included');
    await world.caughtUp();
    // As if the first reading had been wrong: the node had said that the transaction failed.
    await world.database.query('UPDATE spent_nonces SET success = false');
    await world.anvil.mine();
    await waitUntil('the second reading', () =>
      world.log.lines.some(({ fields }) => String(fields['err']).includes('second reading')),
    );
    expect(world.all('chain.nonce_spent').map(({ depth }) => depth)).toEqual(['included']);
    await world.database.query('UPDATE spent_nonces SET success = true');
    await world.hear('chain.nonce_spent', ({ depth }) => depth === 'confirmed');
  });
});
