import { randomUUID } from 'node:crypto';
import { ROUTES } from '@ironforge/contracts';
import type { EventMessage } from '@ironforge/service-kit';
import { waitUntil } from '@ironforge/testing';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import {
  CHAIN,
  COIN,
  newAddress,
  somebody,
  startTestRegistry,
  type TestRegistry,
} from '../registry.fixture.ts';

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startTestRegistry();
});
afterAll(() => registry[Symbol.asyncDispose]());

const caller = somebody();
const { tenantId } = caller;
const cause = { actor: { type: 'chain', id: CHAIN } } as const;
let walletId: string;
let address: string;
beforeEach(async () => {
  const body = { chainId: CHAIN, name: 'w', type: 'hot' as const, address: newAddress() };
  ({ id: walletId, address } = (await registry.ask(ROUTES.createWallet, caller, { body })).body);
});

test('the watcher is asked again for a wallet that it has not answered for, once in ten minutes', async () => {
  const backdate = (column: string) =>
    registry.database.query(`UPDATE wallets SET ${column} = now() - interval '11 minutes' WHERE id = $1`, [
      walletId,
    ]);
  const asked = async () =>
    (await registry.said('wallet.watch_asked')).filter(({ subject }) => subject === walletId);
  await backdate('created_at');
  await waitUntil('the question', async () => (await asked()).length === 1);
  await backdate('watch_asked_at');
  await waitUntil('the question again', async () => (await asked()).length === 2);
  expect((await asked())[0]).toMatchObject({
    aggregateversion: 1,
    data: { wallet: { id: walletId, address } },
  });
});

/** Sends each message twice, in the given order, and waits until all are taken in. */
async function sendTwice(...messages: readonly EventMessage[]): Promise<void> {
  await registry.send(...messages.flatMap((message) => [message, message]));
  await registry.taken(...messages);
  await queueIsEmpty();
}

async function queueIsEmpty(): Promise<void> {
  await waitUntil('an empty queue', async () => (await registry.vhost.peek('wallet-registry')).length === 0);
}

function watched(): EventMessage {
  const data = { walletId, chainId: CHAIN, address, fromHeight: 17 };
  return registry.events.event('chain.address_watched', {
    tenantId,
    subject: walletId,
    version: 1,
    cause,
    data,
  });
}

function observed(version: number, amount: bigint, pending = 0n): EventMessage {
  const block = { blockHeight: 100 + version, blockHash: `0x${String(version).padStart(64, '0')}` };
  const amounts = { amount: String(amount), pending: String(pending) };
  const data = { walletId, chainId: CHAIN, assetId: COIN, ...amounts, ...block, version };
  return registry.events.event('wallet.balance_observed', {
    tenantId,
    subject: walletId,
    version: 1,
    cause,
    data,
  });
}

type Status = keyof typeof TOLD_BY;

/** An event that leads to each status and that the registry listens to. */
const TOLD_BY = {
  pending_approval: 'tx_request.quorum_lost',
  approved: 'tx_request.approved',
  signed: 'tx_request.approved',
  broadcasted: 'tx_request.reorged',
  confirmed: 'tx_request.confirmed',
  cancelled: 'tx_request.cancelled',
} as const;

interface Told {
  readonly type: 'tx_request.attempt_approved' | 'tx_request.attempt_rejected';
  readonly heldFeeCeiling: string;
}

/** Older messages do not tell what is held. */
function request(id: string, ...[version, status, told]: [number, Status, Told?]): EventMessage {
  const data = {
    request: {
      id,
      walletId,
      chainId: CHAIN,
      from: address,
      to: address,
      assetId: COIN,
      amount: '300',
      feeCeiling: '20',
      ...(told && { heldFeeCeiling: told.heldFeeCeiling }),
      feeAssetId: COIN,
      intentHash: `0x${'0'.repeat(64)}`,
      status,
      reason: null,
      txHash: null,
      blockHeight: null,
      clientReference: null,
      createdBy: caller.userId,
      version,
    },
    details: {},
  };
  return registry.events.event(told?.type ?? TOLD_BY[status], {
    tenantId,
    subject: id,
    version,
    cause,
    data,
  });
}

async function balance() {
  const { body } = await registry.ask(ROUTES.getBalances, caller, { params: { id: walletId } });
  return body.data[0];
}

async function saidOf(type: string) {
  return (await registry.said(type)).filter(({ subject }) => subject === walletId);
}

test('a watched address makes the wallet active and asks for its balances, once', async () => {
  await sendTwice(watched());
  await sendTwice(watched()); // the watcher says it again, under another id
  const { body } = await registry.ask(ROUTES.getWallet, caller, { params: { id: walletId } });
  expect(body.status).toBe('active');
  expect(await saidOf('wallet.activated')).toMatchObject([{ aggregateversion: 2, data: { fromHeight: 17 } }]);
  expect(await saidOf('balance_update')).toMatchObject([{ data: { walletId, address, minHeight: 17 } }]);
  const queued = async () =>
    (await registry.vhost.peek('balance_update.evm')).filter(({ payload }) => payload.includes(walletId));
  await waitUntil('the command in its queue', async () => (await queued()).length === 1);
});

test('a wallet that was archived meanwhile stays archived', async () => {
  await registry.ask(ROUTES.archiveWallet, caller, { params: { id: walletId } });
  await sendTwice(watched());
  const { body } = await registry.ask(ROUTES.getWallet, caller, { params: { id: walletId } });
  expect(body.status).toBe('archived');
  expect(await saidOf('wallet.activated')).toEqual([]);
});

test('before anything was seen, the coin is listed with nothing in it', async () => {
  expect(await balance()).toEqual({
    assetId: COIN,
    symbol: 'ETH',
    decimals: 18,
    amount: '0',
    pending: '0',
    available: '0',
    blockHeight: null,
    asOf: null,
  });
});

test('the newest observation wins in whatever order they come, each twice', async () => {
  const messages = [1, 2, 3, 4, 5].map((version) => observed(version, BigInt(version) * 100n, 7n));
  const [one, two, three, four, five] = messages as [
    EventMessage,
    EventMessage,
    EventMessage,
    EventMessage,
    EventMessage,
  ];
  await sendTwice(two, five, one, four, three);
  expect(await balance()).toMatchObject({ amount: '500', pending: '7', available: '493', blockHeight: 105 });
});

test('amounts as large as a uint256 are kept to the last digit', async () => {
  const all = 2n ** 256n - 1n;
  await sendTwice(observed(1, all));
  expect(await balance()).toMatchObject({ amount: String(all), available: String(all) });
});

test('a change of the amount is told once, with what was before; a new depth alone is not', async () => {
  await sendTwice(observed(1, 100n, 100n));
  await sendTwice(observed(2, 100n, 0n));
  await sendTwice(observed(3, 40n));
  const told = (await saidOf('wallet.balance_changed')).map(({ data, aggregateversion }) => [
    aggregateversion,
    data['oldBalance'],
    data['newBalance'],
  ]);
  expect(told).toEqual([
    [1, '0', '100'],
    [1, '100', '40'],
  ]);
});

test('a reorg that takes a deposit back is a newer version like any other', async () => {
  await sendTwice(observed(1, 100n));
  await sendTwice(observed(2, 0n));
  expect(await balance()).toMatchObject({ amount: '0', available: '0' });
});

test('requests hold amount and fee ceiling from approval until the chain decided, in whatever order events come', async () => {
  const [first, second] = [randomUUID(), randomUUID()];
  await sendTwice(observed(1, 1000n));
  await sendTwice(request(first, 1, 'pending_approval'), request(second, 1, 'pending_approval'));
  expect(await balance()).toMatchObject({ available: '1000' });
  await sendTwice(request(first, 3, 'signed'), request(first, 2, 'approved'), request(second, 2, 'approved'));
  expect(await balance()).toMatchObject({ available: '360' });
  await sendTwice(request(first, 5, 'confirmed'), request(first, 4, 'broadcasted'));
  expect(await balance()).toMatchObject({ available: '680' });
  await sendTwice(request(first, 6, 'broadcasted')); // a reorg
  expect(await balance()).toMatchObject({ available: '360' });
  await sendTwice(request(first, 7, 'confirmed'), request(second, 3, 'cancelled'));
  expect(await balance()).toMatchObject({ available: '1000' });
});

test('a dearer attempt that can still be mined is held as well, until it gives way', async () => {
  const id = randomUUID();
  const dearer = { type: 'tx_request.attempt_approved', heldFeeCeiling: '50' } as const;
  const gone = { type: 'tx_request.attempt_rejected', heldFeeCeiling: '20' } as const;
  await sendTwice(observed(1, 1000n), request(id, 1, 'approved'));
  expect(await balance()).toMatchObject({ available: '680' });
  await sendTwice(request(id, 3, 'broadcasted', dearer));
  expect(await balance()).toMatchObject({ available: '650' });
  await sendTwice(request(id, 4, 'broadcasted', gone));
  expect(await balance()).toMatchObject({ available: '680' });
});

test('what is held beyond the balance leaves nothing available, never less', async () => {
  await sendTwice(observed(1, 10n));
  await sendTwice(request(randomUUID(), 1, 'approved'));
  expect(await balance()).toMatchObject({ amount: '10', available: '0' });
});

test('a message that is none goes to the dead queue, and its siblings go on', async () => {
  const broken = watched();
  await registry.send({ ...broken, body: { ...broken.body, data: { walletId: 'nonsense' } } });
  await sendTwice(observed(1, 5n));
  expect(await balance()).toMatchObject({ amount: '5' });
  const dead = await waitUntil('a dead message', async () => {
    const found = await registry.vhost.peek('wallet-registry.dead');
    return found.length === 1 ? found : null;
  });
  expect(dead[0]?.payload).toContain('nonsense');
});
