import { randomUUID } from 'node:crypto';
import { ROUTES } from '@ironforge/contracts';
import { waitUntil } from '@ironforge/testing';
import { Transaction } from 'ethers';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { deliver, spent } from './testbed/news.fixture.ts';
import { broadcasts, securityEvent } from './testbed/published.fixture.ts';
import {
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
beforeAll(async () => {
  world = await startWorld();
  await setPolicy(world, 'allow');
});
afterAll(() => world[Symbol.asyncDispose]());
beforeEach(() => {
  wallet = world.addWallet();
});

const CONFIRMED = { nonce: 0, version: 1, depth: 'confirmed' } as const;

test('the payment that a signer broadcast with other bytes is the payment, though a cancel was handed out', async () => {
  const { id } = await signedRequest(world, wallet);
  await askCancel(id);
  await askPayload(id);
  const paid = { hash: newHash(), to: PAYEE, value: '5' };
  await deliver(world, spent(world, { ...CONFIRMED, address: wallet.address }, paid));
  expect(await read(world, id)).toMatchObject({ status: 'confirmed', txHash: paid.hash });
  expect((await securityEvent(world, id)).data).toMatchObject({ fields: ['signature'] });
});

test('a cancel that the signer broadcast by himself ends the payment as cancelled, on the terms of the cancel', async () => {
  const { id } = await signedRequest(world, wallet);
  await askCancel(id);
  const { gasLimit, maxFeePerGas, maxPriorityFeePerGas } = await askPayload(id);
  const terms = { gasLimit, maxFeePerGas, maxPriorityFeePerGas: `${BigInt(maxPriorityFeePerGas) + 1n}` };
  const nothing = { hash: newHash(), to: wallet.address, value: '0', ...terms };
  await deliver(world, spent(world, { ...CONFIRMED, address: wallet.address }, nothing));
  expect(await read(world, id)).toMatchObject({ status: 'cancelled', reason: 'cancelled_on_chain' });
  expect((await securityEvent(world, id)).data).toMatchObject({ txHash: nothing.hash, fields: ['fee'] });
});

test('nothing to oneself is a stranger’s while the cancel was only asked for and handed out to nobody', async () => {
  const { id } = await signedRequest(world, wallet);
  await askCancel(id);
  const nothing = { hash: newHash(), to: wallet.address, value: '0' };
  await deliver(world, spent(world, { ...CONFIRMED, address: wallet.address }, nothing));
  expect(await read(world, id)).toMatchObject({ status: 'failed', reason: 'replaced_outside' });
});

test('a payment that its signer sent by himself and a reorg undid is not replaced: nobody holds bytes of it', async () => {
  const { id } = await created(world, wallet.id);
  await payload(world, id);
  const place = { address: wallet.address, nonce: 0 };
  const paid = { hash: newHash(), to: PAYEE, value: '5' };
  await deliver(world, spent(world, { ...place, version: 1, depth: 'included' }, paid));
  await deliver(world, spent(world, { ...place, version: 2, depth: 'none' }, null));
  expect(await read(world, id)).toMatchObject({ status: 'broadcasted', reason: 'reorged' });
  const input = { params: { id }, body: {} };
  for (const route of [ROUTES.speedUpTransaction, ROUTES.cancelOnChain]) {
    expect(refusalOf(await world.ask(world.people.operator, route, input))).toBe('409 illegal_transition');
  }
});

test('the bytes of what its signer sent by himself are kept when they come late, and sent again after a reorg', async () => {
  const { id, offer, bytes, hash } = await sentByItsSigner();
  for (const _again of [1, 2])
    expect(replyOf(await submit(world, offer, bytes))).toMatchObject({ status: 'broadcasted', txHash: hash });
  await undo();
  expect((await firstBroadcast(id)).data).toMatchObject({ raw: bytes, txHash: hash, nonce: 0 });
  await askCancel(id);
});

test('they are kept after the reorg too, and sent', async () => {
  const { id, offer, bytes, hash } = await sentByItsSigner();
  await undo();
  replyOf(await submit(world, offer, bytes));
  expect((await firstBroadcast(id)).data).toMatchObject({ raw: bytes, txHash: hash, nonce: 0 });
});

/** A block shows a payment whose signed bytes were not handed in. */
async function sentByItsSigner() {
  const { id } = await created(world, wallet.id);
  const offer = await payload(world, id);
  const bytes = sign(wallet.key, offer);
  const hash = Transaction.from(bytes).hash ?? '';
  const place = { address: wallet.address, nonce: 0, version: 1, depth: 'included' } as const;
  await deliver(world, spent(world, place, { hash, to: PAYEE, value: '5' }));
  return { id, offer, bytes, hash };
}

/** A reorg takes it out again. */
async function undo(): Promise<void> {
  const place = { address: wallet.address, nonce: 0, version: 2, depth: 'none' } as const;
  await deliver(world, spent(world, place, null));
}

/** The first command to send bytes of a request. */
async function firstBroadcast(id: string) {
  return await waitUntil('the bytes to be sent', async () => (await broadcasts(world, id)).at(0));
}

async function askCancel(id: string): Promise<void> {
  replyOf(await world.ask(world.people.operator, ROUTES.cancelOnChain, { params: { id }, body: {} }));
}

async function askPayload(id: string) {
  const input = { params: { id }, body: { kind: 'cancel' } } as const;
  return replyOf(await world.ask(world.people.signer, ROUTES.createSigningPayload, input)).evm;
}

function newHash(): string {
  return `0x${randomUUID().replaceAll('-', '').repeat(2)}`;
}
