import { randomUUID } from 'node:crypto';
import { createStore, type Store, type Work } from '@ironforge/store';
import { createCollectingLogger, createTestDatabase, type TestDatabase } from '@ironforge/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  abandonSweep,
  advanceSweep,
  findSweep,
  finishSweep,
  forgetSweptBlock,
  openSweep,
  type OpenSweep,
} from './balance-sweeps.ts';

const chainId = 'eip155:31337';
const place = { tenantId: randomUUID(), address: '0x1' };

let database: TestDatabase;
let store: Store;

beforeAll(async () => {
  database = await createTestDatabase();
  store = createStore({ url: database.url, log: createCollectingLogger(), pool: { min: 0, max: 4 } });
});
afterAll(async () => {
  await store[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});
beforeEach(async () => void (await database.query('DELETE FROM balance_sweeps')));

describe('a sweep that cannot go on at its block', () => {
  it('goes on at a newer one behind the wallets that it has seen, so that the last ones have their turn', async () => {
    await abandonedAt(100);
    expect(await opened(130)).toMatchObject({ height: 130, after: place });
  });

  it('has looked at every wallet as far as its first block, and no further', async () => {
    await abandonedAt(100);
    const sweep = await opened(130);
    await run((tx) => finishSweep(tx, sweep));
    expect(await found()).toEqual({ lastHeight: 100 });
    expect(await opened(140)).toMatchObject({ height: 140, after: null, lastHeight: 100 });
  });

  it.each([
    ['its first block', 99],
    ['the one that it goes on at', 130],
  ])('has looked at every wallet nowhere when %s is undone', async (_, undone) => {
    await abandonedAt(99);
    const sweep = await opened(130);
    await run((tx) => forgetSweptBlock(tx, chainId, undone));
    await run((tx) => finishSweep(tx, sweep));
    expect(await found()).toEqual({ lastHeight: null });
  });

  it('has, when a block is undone that came after', async () => {
    const sweep = await opened(100);
    await run((tx) => forgetSweptBlock(tx, chainId, 101));
    await run((tx) => finishSweep(tx, sweep));
    expect(await found()).toEqual({ lastHeight: 100 });
    await run((tx) => forgetSweptBlock(tx, chainId, 100));
    expect(await found()).toEqual({ lastHeight: null });
  });
});

async function abandonedAt(height: number): Promise<void> {
  const sweep = await opened(height);
  expect(await run((tx) => advanceSweep(tx, sweep, place))).toBe(true);
  await run((tx) => abandonSweep(tx, { ...sweep, version: sweep.version + 1 }));
}

async function opened(height: number): Promise<OpenSweep> {
  await run((tx) => openSweep(tx, { chainId, height, hash: `h${height}`, blockTime: new Date() }));
  const sweep = await found();
  if (sweep === undefined || !('hash' in sweep)) throw new Error('no sweep is open');
  return sweep;
}

function found() {
  return run((tx) => findSweep(tx, chainId));
}

function run<T>(work: Work<T>): Promise<T> {
  return store.system('chain_watcher').transaction(work, { isolation: 'read committed' });
}
