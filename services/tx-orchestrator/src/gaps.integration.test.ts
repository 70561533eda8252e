import { ROUTES } from '@ironforge/contracts';
import { waitUntil } from '@ironforge/testing';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { deliver, spent } from './testbed/news.fixture.ts';
import { broadcasts, published } from './testbed/published.fixture.ts';
import {
  askPayload,
  created,
  payload,
  read,
  refusalOf,
  replyOf,
  setPolicy,
  sign,
  signedRequest,
  submit,
} from './testbed/story.fixture.ts';
import { PAYEE, startWorld, type World } from './testbed/world.fixture.ts';

let world: World;
let wallet: ReturnType<World['addWallet']>;
/** Its signer took nonce 0 and vanished. */
let vanished: Awaited<ReturnType<typeof payload>>;
/** Signed at nonce 1. */
let waiting: Awaited<ReturnType<typeof signedRequest>>;

beforeAll(async () => {
  world = await startWorld();
  await setPolicy(world, 'allow');
});
afterAll(() => world[Symbol.asyncDispose]());

beforeEach(async () => {
  wallet = world.addWallet();
  vanished = await payload(world, (await created(world, wallet.id)).id);
  waiting = await signedRequest(world, wallet);
});

test('while the lease runs nobody is asked, and what waits says so', async () => {
  expect([vanished.evm.nonce, waiting.offer.evm.nonce]).toEqual([0, 1]);
  const { transactionId, expiresAt: leaseEndsAt } = vanished;
  const says = { reason: 'queued_behind', queuedBehind: { transactionId, nonce: 0, leaseEndsAt } };
  expect(waiting.shown).toMatchObject(says);
  expect(await read(world, waiting.id)).toMatchObject(says);
  const { operator } = world.people;
  const listed = replyOf(await world.ask(operator, ROUTES.listTransactions, { query: { status: 'signed' } }));
  expect(listed.data.find(({ id }) => id === waiting.id)).toMatchObject(says);
  expect(await broadcasts(world, waiting.id)).toEqual([]);
});

test('after it a task fills the gap: told of, named by what waits, and signed it sets both free', async () => {
  const gap = await openedGap();
  expect(gap).toMatchObject({ nonce: 0, leaseEndsAt: null });
  expect(await read(world, gap.transactionId)).toMatchObject({
    kind: 'gap_fill',
    status: 'approved',
    to: wallet.address,
    amount: '0',
    policy: { rule: null },
    required: [],
  });
  const offer = await payload(world, gap.transactionId);
  expect(offer).toMatchObject({ evm: { nonce: 0 }, intent: { to: wallet.address, amount: '0' } });
  expect(offer.fence).toBeGreaterThan(vanished.fence);
  const { queuedBehind } = await read(world, waiting.id);
  expect(queuedBehind).toEqual({ ...gap, leaseEndsAt: offer.expiresAt });
  replyOf(await submit(world, offer, sign(wallet.key, offer)));
  expect(await sentNonces(gap.transactionId, waiting.id)).toEqual([0, 1]);
  expect(await submitLate()).toBe('409 lease_lost');
  expect(refusalOf(await askPayload(world, vanished.transactionId))).toBe('409 waiting_for_nonce');
});

test('whoever asks first fills it: a payment that signs ends the task', async () => {
  const gap = await openedGap();
  const { id, offer } = await signedRequest(world, wallet);
  expect(offer.evm.nonce).toBe(0);
  expect(await read(world, gap.transactionId)).toMatchObject({ status: 'cancelled' });
  expect(await sentNonces(id, waiting.id)).toEqual([0, 1]);
});

test('the holder whom nobody displaced is welcome late, and the task ends', async () => {
  const gap = await openedGap();
  replyOf(await submit(world, vanished, sign(wallet.key, vanished)));
  expect(await read(world, gap.transactionId)).toMatchObject({ status: 'cancelled' });
});

test('a stranger who spends the nonce ends the task', async () => {
  const gap = await openedGap();
  const place = { address: wallet.address, nonce: 0, version: 1, depth: 'included' as const };
  await deliver(world, spent(world, place, { hash: `0x${'ab'.repeat(32)}`, to: PAYEE, value: '77' }));
  expect(await read(world, gap.transactionId)).toMatchObject({ status: 'cancelled' });
});

test('a task takes its own nonce alone, needs no policy, and its signer may vanish too', async () => {
  const gap = await openedGap();
  await setPolicy(world, 'deny');
  const offer = await payload(world, gap.transactionId);
  await endLease(0);
  await setPolicy(world, 'allow');
  const other = await signedRequest(world, wallet);
  expect(other.offer.evm.nonce).toBe(0);
  expect(refusalOf(await submit(world, offer, sign(wallet.key, offer)))).toBe('409 lease_lost');
  expect(await read(world, gap.transactionId)).toMatchObject({ status: 'cancelled' });
});

test('of several gaps the lowest is named, and whoever holds it', async () => {
  await openedGap();
  const second = await payload(world, (await created(world, wallet.id)).id);
  const third = await payload(world, (await created(world, wallet.id)).id);
  const above = await signedRequest(world, wallet);
  expect([second, third, above.offer].map(({ evm }) => evm.nonce)).toEqual([0, 2, 3]);
  const first = { transactionId: second.transactionId, nonce: 0, leaseEndsAt: second.expiresAt };
  expect(above.shown).toMatchObject({ queuedBehind: first });
  replyOf(await submit(world, second, sign(wallet.key, second)));
  const next = { transactionId: third.transactionId, nonce: 2, leaseEndsAt: third.expiresAt };
  expect(await read(world, above.id)).toMatchObject({ queuedBehind: next });
  expect(await read(world, waiting.id)).toMatchObject({ reason: null, queuedBehind: null });
});

test('a task that somebody takes back is opened again', async () => {
  const gap = await openedGap();
  const params = { id: gap.transactionId };
  replyOf(await world.ask(world.people.operator, ROUTES.cancelTransaction, { params }));
  expect((await anotherTask(gap.transactionId)).nonce).toBe(0);
});

test('a task that became too dear is opened again with a ceiling of today', async () => {
  const gap = await openedGap();
  const { quote } = world.neighbourhood;
  const gasBefore = quote.gasLimit;
  quote.gasLimit = 11 * gasBefore;
  try {
    expect(refusalOf(await askPayload(world, gap.transactionId))).toBe('409 fee_above_ceiling');
    expect(await read(world, gap.transactionId)).toMatchObject({ status: 'cancelled' });
    const next = await anotherTask(gap.transactionId);
    const offer = await payload(world, next.transactionId);
    replyOf(await submit(world, offer, sign(wallet.key, offer)));
    expect(await sentNonces(next.transactionId, waiting.id)).toEqual([0, 1]);
  } finally {
    quote.gasLimit = gasBefore;
  }
});

/** Ends the lease of nonce 0 and waits for the task that fills it. */
async function openedGap() {
  await endLease(0);
  const gap = await waitUntil('a task for the gap', async () => (await read(world, waiting.id)).queuedBehind);
  const told = await waitUntil('the gap to be told of', async () => {
    const all = await published(
      world,
      ({ type, data }) => type === 'nonce.gap_opened' && data.address === wallet.address,
    );
    return all.length > 0 ? all : null;
  });
  expect(told.map(({ data }) => [data.requestId, data.nonce])).toEqual([[gap.transactionId, 0]]);
  return gap;
}

/** The task that takes the place of this one. */
async function anotherTask(id: string) {
  return await waitUntil('another task', async () => {
    const { queuedBehind } = await read(world, waiting.id);
    return queuedBehind?.transactionId === id ? null : queuedBehind;
  });
}

/** Waits until each request's bytes are sent; on which nonces. They come again every 5 s, since no node answers here. */
async function sentNonces(...requestIds: readonly string[]): Promise<unknown[]> {
  const first = async (id: string) => (await broadcasts(world, id)).at(0);
  const sent = requestIds.map((id) => waitUntil(`${id} to be sent`, () => first(id)));
  return (await Promise.all(sent)).map(({ data }) => data.nonce);
}

async function endLease(nonce: number): Promise<void> {
  await world.database.query(
    `UPDATE nonce_slots SET lease_expires_at = now() - INTERVAL '1 second' WHERE address = $1 AND nonce = $2`,
    [wallet.address, nonce],
  );
}

async function submitLate(): Promise<string> {
  return refusalOf(await submit(world, vanished, sign(wallet.key, vanished)));
}
