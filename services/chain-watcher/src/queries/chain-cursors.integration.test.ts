import { randomUUID } from 'node:crypto';
import { present } from '@ironforge/kernel';
import { createStore, type Store, type Work } from '@ironforge/store';
import { createCollectingLogger, createTestDatabase, type TestDatabase } from '@ironforge/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type CursorState,
  claimCursor,
  findCursor,
  insertCursor,
  moveCursor,
  releaseCursor,
} from './chain-cursors.ts';

const chainId = 'eip155:31337';
const one = { chainId, leader: randomUUID(), leaseMs: 60_000 };
const two = { chainId, leader: randomUUID(), leaseMs: 60_000 };

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
beforeEach(async () => {
  await database.query('DELETE FROM chain_cursors');
  const place = { chainId, height: 5, hash: 'h5', blockTime: new Date(), finalizedHeight: 0 };
  await run((tx) => insertCursor(tx, { ...place, status: 'behind' }));
});

describe('the lead of a chain', () => {
  it('belongs to one process at a time, and may be renewed by it', async () => {
    const claimed = await run((tx) => claimCursor(tx, one));
    expect(claimed).toMatchObject({ height: 5, fence: 1 });
    expect(await run((tx) => claimCursor(tx, two))).toBeUndefined();
    expect(await run((tx) => claimCursor(tx, one))).toMatchObject({ fence: 1 });
  });

  it('passes on with a higher fence when it was given back or not renewed', async () => {
    await run((tx) => claimCursor(tx, one));
    await run((tx) => releaseCursor(tx, chainId, one.leader));
    expect(await run((tx) => claimCursor(tx, { ...two, leaseMs: 0 }))).toMatchObject({ fence: 2 });
    expect(await run((tx) => claimCursor(tx, one))).toMatchObject({ fence: 3 });
  });

  it('cannot be given back by somebody who has lost it', async () => {
    await run((tx) => claimCursor(tx, one));
    await run((tx) => releaseCursor(tx, chainId, two.leader));
    expect(await run((tx) => claimCursor(tx, two))).toBeUndefined();
  });
});

describe('moving a cursor', () => {
  it('raises its version, and happens once from one place', async () => {
    const from = await claim(one);
    expect(await move(from)).toMatchObject({ height: 6, version: from.version + 1 });
    expect(await move(from)).toBeUndefined();
    expect(await run((tx) => findCursor(tx, chainId))).toMatchObject({ height: 6, hash: 'h6' });
  });

  it('is refused to a leader who was displaced while he worked', async () => {
    const slow = await claim({ ...one, leaseMs: 0 });
    await claim(two);
    expect(await move(slow)).toBeUndefined();
    expect(await run((tx) => findCursor(tx, chainId))).toMatchObject({ height: 5 });
  });
});

async function claim(who: typeof one): Promise<CursorState> {
  return present(await run((tx) => claimCursor(tx, who)), 'the lead');
}

function move(from: CursorState) {
  const to = {
    height: 6,
    hash: 'h6',
    blockTime: new Date(),
    finalizedHeight: 0,
    status: 'following',
  } as const;
  return run((tx) => moveCursor(tx, { from, to, leaseMs: 60_000 }));
}

function run<T>(work: Work<T>): Promise<T> {
  return store.system('chain_watcher').transaction(work, { isolation: 'read committed' });
}
