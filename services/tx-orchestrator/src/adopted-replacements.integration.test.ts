import { randomUUID } from 'node:crypto';
import { ROUTES } from '@ironforge/contracts';
import { waitUntil } from '@ironforge/testing';
import { Transaction } from 'ethers';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { deliver, spent } from './testbed/news.fixture.ts';
import { broadcasts, broadcastsWritten, securityEvent } from './testbed/published.fixture.ts';
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

test('a payment whose cancel only its signer holds is neither sent again nor made dearer when a reorg undoes that, and taken back anew', async () => {
  const { id } = await signedRequest(world, wallet);
  await firstBroadcast(id);
  await askCancel(id);
  await askPayload(id);
  const nothing = { hash: newHash(), to: wallet.address, value: '0' };
  await deliver(world, spent(world, { ...CONFIRMED, address: wallet.address }, nothing));
  await sentLongAgo();
  await undo();
  expect(await read(world, id)).toMatchObject({ status: 'broadcasted', reason: 'reorged', txHash: null });
  expect(await broadcastsWritten(world, id)).toBe(1);
  const speedUp = { params: { id }, body: {} };
  expect(refusalOf(await world.ask(world.people.operator, ROUTES.speedUpTransaction, speedUp))).toBe(
    '409 illegal_transition',
  );
  await askCancel(id);
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

test('it ends when another payment of the wallet is signed: that takes the nonce over, and is mined', async () => {
  const { id } = await created(world, wallet.id, { amount: '6' });
  await mined(sign(wallet.key, await payload(world, id)));
  await undo();
  await endLeases();
  const { txHash: hash } = await signedRequest(world, wallet);
  const place = { ...CONFIRMED, address: wallet.address, version: 3 };
  await deliver(world, spent(world, place, { hash, to: PAYEE, value: '5' }));
  expect(await read(world, id)).toMatchObject({ status: 'failed', reason: 'replaced_outside' });
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

test('handed in after their validity they are not sent after a reorg: signers are offered their cancel, and the nonce goes on', async () => {
  const { id, offer, bytes } = await sentByItsSigner();
  await passValidity(id);
  replyOf(await submit(world, offer, bytes));
  await undo();
  await waitUntil('it to be held back', async () => (await read(world, id)).reason === 'validity_passed');
  await waitUntil('its cancel to be offered', async () =>
    (await read(world, id)).attempts.some(({ kind, state }) => kind === 'cancel' && state === 'offered'),
  );
  expect(await read(world, id)).toMatchObject({ status: 'broadcasted', expiresAt: null });
  expect(await broadcastsWritten(world, id)).toBe(0);
  const input = { params: { id }, body: { kind: 'cancel' } } as const;
  const cancel = replyOf(await world.ask(world.people.signer, ROUTES.createSigningPayload, input));
  const back = sign(wallet.key, cancel);
  replyOf(await submit(world, cancel, back));
  expect((await firstBroadcast(id)).data).toMatchObject({ raw: back, nonce: 0 });
});

test('they are its own nonce’s though another was offered it meanwhile, who can sign for it no more', async () => {
  const { id } = await created(world, wallet.id, { amount: '6' });
  const offer = await payload(world, id);
  await endLeases();
  const other = await created(world, wallet.id);
  const taken = await payload(world, other.id);
  expect(taken.evm.nonce).toBe(offer.evm.nonce);
  const bytes = sign(wallet.key, offer);
  await mined(bytes);
  replyOf(await submit(world, offer, bytes));
  await undo();
  expect((await firstBroadcast(id)).data).toMatchObject({ raw: bytes, nonce: 0 });
  expect(refusalOf(await submit(world, taken, sign(wallet.key, taken)))).toBe('409 lease_lost');
});

test('they are not kept once bytes of another are, to whom the nonce had gone', async () => {
  const { id } = await created(world, wallet.id, { amount: '6' });
  const offer = await payload(world, id);
  await endLeases();
  const other = await signedRequest(world, wallet);
  const bytes = sign(wallet.key, offer);
  await mined(bytes);
  expect(await read(world, id)).toMatchObject({ status: 'broadcasted' });
  expect(refusalOf(await submit(world, offer, bytes))).toBe('409 lease_lost');
  await undo();
  expect((await firstBroadcast(other.id)).data).toMatchObject({ raw: other.bytes });
  expect(await broadcastsWritten(world, id)).toBe(0);
});

/** A block shows a payment whose signed bytes were not handed in. */
async function sentByItsSigner() {
  const { id } = await created(world, wallet.id);
  const offer = await payload(world, id);
  const bytes = sign(wallet.key, offer);
  return { id, offer, bytes, hash: await mined(bytes) };
}

/** A block shows signed bytes, whoever sent them; gives their hash. */
async function mined(bytes: string): Promise<string> {
  const { hash, value } = Transaction.from(bytes);
  const place = { address: wallet.address, nonce: 0, version: 1, depth: 'included' } as const;
  await deliver(world, spent(world, place, { hash: hash ?? '', to: PAYEE, value: value.toString() }));
  return hash ?? '';
}

async function endLeases(): Promise<void> {
  const sql = `UPDATE nonce_slots SET lease_expires_at = now() - INTERVAL '1 second' WHERE address = $1`;
  await world.database.query(sql, [wallet.address]);
}

/** Lets the validity of a request end, in the database's time. */
async function passValidity(id: string): Promise<void> {
  const sql = `UPDATE tx_requests SET state = jsonb_set(state, '{validUntilMs}', '0') WHERE id = $1`;
  await world.database.query(sql, [id]);
}

/** What was sent is due to be sent again, unless some node has it. */
async function sentLongAgo(): Promise<void> {
  const sql = `UPDATE tx_attempts SET sent_at = now() - INTERVAL '1 minute' WHERE address = $1 AND sent_at IS NOT NULL`;
  await world.database.query(sql, [wallet.address]);
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
