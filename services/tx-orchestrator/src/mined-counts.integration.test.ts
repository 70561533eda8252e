import { waitUntil } from '@ironforge/testing';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { deliver, moveHead, news } from './testbed/news.fixture.ts';
import { broadcasts, published } from './testbed/published.fixture.ts';
import {
  created,
  payload,
  read,
  replyOf,
  setPolicy,
  sign,
  signedRequest,
  submit,
} from './testbed/story.fixture.ts';
import { startWorld, type World } from './testbed/world.fixture.ts';

/** A lane that waits is counted after ten seconds. */
const SOON = { timeoutMs: 25_000 };

let world: World;
let wallet: ReturnType<World['addWallet']>;
beforeAll(async () => {
  world = await startWorld();
  await setPolicy(world, 'allow');
});
afterAll(() => world[Symbol.asyncDispose]());
beforeEach(() => {
  wallet = world.addWallet();
  world.neighbourhood.quote.minedCount = 0;
});

test.each([2, 1_000])(
  'a count of %d that was never so holds back nothing that is signed below',
  async (count) => {
    const first = await payload(world, (await created(world, wallet.id)).id);
    const second = await payload(world, (await created(world, wallet.id)).id);
    world.neighbourhood.quote.minedCount = count;
    const above = await payload(world, (await created(world, wallet.id)).id);
    expect([first, second, above].map(({ evm }) => evm.nonce)).toEqual([0, 1, count]);
    world.neighbourhood.quote.minedCount = 0;
    for (const offer of [second, first]) replyOf(await submit(world, offer, sign(wallet.key, offer)));
    expect([await firstSent(first.transactionId), await firstSent(second.transactionId)]).toEqual([0, 1]);
  },
);

test('a lane that began too high is counted anew while something waits: the gap below is seen', async () => {
  world.neighbourhood.quote.minedCount = 3;
  await moveHead(world, 5);
  const { id, shown, txHash, offer } = await signedRequest(world, wallet);
  expect(offer.evm.nonce).toBe(3);
  const seen = { attemptId: shown.attempts[0]?.id ?? '', txHash, height: 5 };
  await deliver(world, news(world, 'chain.tx_accepted', { requestId: id, ...seen }));
  world.neighbourhood.quote.minedCount = 2;
  await moveHead(world, 20);
  await waitUntil('a task for the gap', async () => (await gapNonces()).includes(2), SOON);
  const filler = await signedRequest(world, wallet);
  expect([filler.offer.evm.nonce, await firstSent(filler.id)]).toEqual([2, 2]);
});

test('a lane that began too low is counted anew: nothing is asked for that the chain has spent', async () => {
  await payload(world, (await created(world, wallet.id)).id);
  world.neighbourhood.quote.minedCount = 2;
  const { id, offer } = await signedRequest(world, wallet);
  expect(offer.evm.nonce).toBe(2);
  expect(await firstSent(id)).toBe(2);
  expect(await gapNonces()).toEqual([]);
  expect((await read(world, id)).reason).toBeNull();
});

async function firstSent(requestId: string): Promise<unknown> {
  const first = async () => (await broadcasts(world, requestId)).at(0);
  return (await waitUntil(`${requestId} to be sent`, first, SOON)).data.nonce;
}

async function gapNonces(): Promise<readonly unknown[]> {
  const told = await published(
    world,
    ({ type, data }) => type === 'nonce.gap_opened' && data.address === wallet.address,
  );
  return told.map(({ data }) => data.nonce);
}
