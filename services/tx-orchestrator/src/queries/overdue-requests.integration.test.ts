import { afterAll, beforeAll, expect, test } from 'vitest';
import { deliver, observed } from '../testbed/news.fixture.ts';
import { setPolicy, signedRequest } from '../testbed/story.fixture.ts';
import { CHAIN_ID, startWorld, type World } from '../testbed/world.fixture.ts';
import { listUnheard } from './overdue-requests.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
  await setPolicy(world, 'allow');
});
afterAll(() => world[Symbol.asyncDispose]());

/** The news below speak at height 11, of a block at height 10. */
async function isUnheard(id: string, { head, finalUpTo }: { head: number; finalUpTo: number }) {
  const silence = {
    except: [],
    chainId: CHAIN_ID,
    belowUnmined: head - 4,
    belowMined: head - 16,
    finalUpTo,
    count: 100,
  };
  const places = await world.store
    .system('request_sweeper')
    .transaction((tx) => listUnheard(tx, silence), { isolation: 'read committed' });
  return places.some((place) => place.id === id);
}

async function requestAt(depth: 'included' | 'confirmed' | 'finalized') {
  const { id, shown, txHash } = await signedRequest(world, world.addWallet());
  const attemptId = shown.attempts[0]?.id ?? '';
  await deliver(world, observed(world, id, { version: 1, depth, attemptId, txHash }));
  return id;
}

test('a request in a block is unheard of after sixteen silent blocks', async () => {
  const id = await requestAt('included');
  expect(await isUnheard(id, { head: 27, finalUpTo: 0 })).toBe(false);
  expect(await isUnheard(id, { head: 28, finalUpTo: 0 })).toBe(true);
});

test('a confirmed request is unheard of only once its block is final, since nothing is to be told before', async () => {
  const id = await requestAt('confirmed');
  expect(await isUnheard(id, { head: 40, finalUpTo: 9 })).toBe(false);
  expect(await isUnheard(id, { head: 40, finalUpTo: 10 })).toBe(true);
});

test('nobody asks about what is final', async () => {
  const id = await requestAt('finalized');
  expect(await isUnheard(id, { head: 100, finalUpTo: 90 })).toBe(false);
});
