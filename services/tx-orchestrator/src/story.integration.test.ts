import { randomUUID } from 'node:crypto';
import { ROUTES } from '@ironforge/contracts';
import { intentHash, type Intent } from '@ironforge/tx-core';
import { waitUntil } from '@ironforge/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { deliver, news, observed, spent } from './testbed/news.fixture.ts';
import {
  askPayload,
  created,
  decide,
  payload,
  read,
  refusalOf,
  replyOf,
  setPolicy,
  sign,
  submit,
} from './testbed/story.fixture.ts';
import { broadcasts, message, published } from './testbed/published.fixture.ts';
import { PAYEE, startWorld, type World } from './testbed/world.fixture.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

test('without a policy a request is recorded as denied', async () => {
  const wallet = world.addWallet();
  expect(await created(world, wallet.id)).toMatchObject({ status: 'rejected', reason: 'no_policy' });
});

test('from the wish to finality: two of three approve, the signer signs, the chain confirms', async () => {
  await setPolicy(world, 'two of three');
  const wallet = world.addWallet();
  const request = await wish(wallet.id);
  await approve(request.id);
  const { signed, bytes } = await signAndHandIn(wallet.key, request);
  const command = await waitUntil('the command to send', async () =>
    (await broadcasts(world, request.id)).at(0),
  );
  const seen = { attemptId: signed.attempts[0]?.id ?? '', txHash: signed.txHash ?? '' };
  expect(command.data).toMatchObject({ ...seen, raw: bytes, nonce: 0, address: wallet.address });
  await settle(request.id, { address: wallet.address, ...seen });
  await expectWholeHistory(request.id);
});

test('every event of a request is published once, with the version it raised', async () => {
  const wallet = world.addWallet();
  const { id } = await created(world, wallet.id);
  const rejected = replyOf(await decide(world, world.people.eva, id, 'reject'));
  expect(rejected).toMatchObject({ status: 'rejected', reason: 'rejected_by_approver' });
  const messages = await waitUntil('four events', async () => {
    const all = await published(world, ({ subject }) => subject === id);
    return all.length === 4 ? all : null;
  });
  const inQueue = (await world.vhost.peek('audit', 1_000)).map(({ payload: text }) =>
    message.parse(JSON.parse(text)),
  );
  expect(inQueue.filter(({ subject }) => subject === id)).toHaveLength(4);
  const told = messages.map(({ type, aggregateversion, data }) => [
    type,
    aggregateversion,
    data.request?.status,
  ]);
  expect(told.toSorted(([, a], [, b]) => Number(a) - Number(b))).toEqual([
    ['tx_request.created', 1, 'draft'],
    ['tx_request.submitted', 2, 'pending_approval'],
    ['tx_request.approval_refused', 3, 'pending_approval'],
    ['tx_request.rejected', 4, 'rejected'],
  ]);
});

test('a draft is submitted later, by somebody who then cannot approve it', async () => {
  const wallet = world.addWallet();
  const draft = await created(world, wallet.id, { submit: false });
  expect(draft).toMatchObject({ status: 'draft', policy: null });
  const params = { id: draft.id };
  const submitted = replyOf(await world.ask(world.people.admin, ROUTES.submitTransaction, { params }));
  expect(submitted).toMatchObject({ status: 'pending_approval', required: [{ required: 2, given: 0 }] });
  expect(refusalOf(await decide(world, world.people.admin, draft.id))).toBe('403 initiator_cannot_approve');
  expect(refusalOf(await world.ask(world.people.operator, ROUTES.submitTransaction, { params }))).toBe(
    '409 illegal_transition',
  );
  expect(replyOf(await world.ask(world.people.operator, ROUTES.cancelTransaction, { params }))).toMatchObject(
    {
      status: 'cancelled',
      reason: 'cancelled_by_user',
    },
  );
});

test('who may only see his own sees only his own', async () => {
  const wallet = world.addWallet();
  const { id } = await created(world, wallet.id);
  const params = { id };
  for (const route of [
    ROUTES.getTransaction,
    ROUTES.cancelTransaction,
    ROUTES.listTransactionEvents,
  ] as const) {
    expect(refusalOf(await world.ask(world.people.user, route, { params }))).toBe('404 not_found');
  }
  const list = replyOf(await world.ask(world.people.user, ROUTES.listTransactions, { query: {} }));
  expect(list.data).toEqual([]);
  const unknown = await world.ask(world.people.operator, ROUTES.getTransaction, {
    params: { id: randomUUID() },
  });
  expect(refusalOf(unknown)).toBe('404 not_found');
});

test('lists find a request by what it is filtered for, page by page', async () => {
  const wallet = world.addWallet();
  const made: string[] = [];
  for (let count = 0; count < 5; count += 1) made.push((await created(world, wallet.id)).id);
  const found: string[] = [];
  let cursor: string | undefined;
  do {
    const query = {
      walletId: wallet.id,
      from: wallet.address.toLowerCase(),
      limit: '2',
      ...(cursor && { cursor }),
    };
    const page = replyOf(await world.ask(world.people.operator, ROUTES.listTransactions, { query }));
    found.push(...page.data.map(({ id }) => id));
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  expect(found).toEqual(made.toReversed());
});

async function wish(walletId: string) {
  const request = await created(world, walletId, { note: 'rent', clientReference: 'invoice 7' });
  expect(request).toMatchObject({ status: 'pending_approval', display: '0.000000000000000005' });
  expect(intentHash(request.intent as Intent)).toBe(request.intentHash);
  const explanation = [{ rule: 'two of three', matched: true, why: 'every condition holds' }];
  expect(request.policy).toMatchObject({ rule: 'two of three', version: 1, explanation });
  const waiting = replyOf(await world.ask(world.people.ann, ROUTES.listApprovals, { query: {} }));
  expect(waiting.data.map(({ id }) => id)).toContain(request.id);
  return request;
}

async function approve(id: string): Promise<void> {
  const { ann, ben, admin, operator } = world.people;
  expect(refusalOf(await decide(world, operator, id))).toBe('403 initiator_cannot_approve');
  expect(refusalOf(await decide(world, admin, id))).toBe('403 not_an_approver');
  expect(replyOf(await decide(world, ann, id))).toMatchObject({ status: 'pending_approval' });
  expect(refusalOf(await decide(world, ann, id))).toBe('409 already_decided');
  const mismatch = { decision: 'approve', intentHash: `0x${'0'.repeat(64)}` } as const;
  const wrong = await world.ask(ben, ROUTES.decideTransaction, { params: { id }, body: mismatch });
  expect(refusalOf(wrong)).toBe('409 intent_mismatch');
  expect(refusalOf(await askPayload(world, id))).toBe('409 illegal_transition');
  const required = [{ group: 'treasury', required: 2, given: 2 }];
  expect(replyOf(await decide(world, ben, id))).toMatchObject({ status: 'approved', required });
}

async function signAndHandIn(
  key: Parameters<typeof sign>[0],
  { id, intentHash: hash }: { id: string; intentHash: string },
) {
  const offer = await payload(world, id);
  expect(await payload(world, id)).toEqual(offer);
  expect(offer).toMatchObject({ transactionId: id, intentHash: hash, evm: { nonce: 0, type: 2 } });
  const bytes = sign(key, offer);
  const signed = replyOf(await submit(world, offer, bytes));
  expect(signed).toMatchObject({ status: 'signed', attempts: [{ state: 'signed', nonce: 0 }] });
  expect(replyOf(await submit(world, offer, bytes))).toEqual(signed);
  return { signed, bytes };
}

async function settle(
  id: string,
  { address, ...seen }: { address: string; attemptId: string; txHash: string },
) {
  await deliver(world, news(world, 'chain.tx_accepted', { requestId: id, ...seen, height: 9 }));
  expect(await read(world, id)).toMatchObject({ status: 'broadcasted', attempts: [{ state: 'sent' }] });
  const tx = { hash: seen.txHash, to: PAYEE, value: '5' };
  for (const [version, depth] of [
    [1, 'included'],
    [2, 'confirmed'],
  ] as const) {
    await deliver(world, observed(world, id, { version, depth, ...seen }));
    await deliver(world, spent(world, { address, nonce: 0, version, depth }, tx));
  }
  const paid = { state: 'mined', fee: { paid: '21000' } };
  const place = { blockHeight: 10, finalizedAt: null, attempts: [paid] };
  expect(await read(world, id)).toMatchObject({ status: 'confirmed', reason: null, ...place });
  await deliver(world, observed(world, id, { version: 3, depth: 'finalized', ...seen }));
}

async function expectWholeHistory(id: string): Promise<void> {
  const final = await read(world, id);
  expect(final.status).toBe('confirmed');
  expect(final.finalizedAt).not.toBeNull();
  const events = replyOf(
    await world.ask(world.people.signer, ROUTES.listTransactionEvents, { params: { id } }),
  );
  expect(events.data.map(({ type }) => type)).toEqual([
    'created',
    'submitted',
    'approval_granted',
    'approval_granted',
    'approved',
    'payload_offered',
    'signed',
    'broadcasted',
    'included',
    'confirmed',
    'finalized',
  ]);
  expect(events.data.map(({ version }) => version)).toEqual(events.data.map((_, index) => index + 1));
  expect(final.version).toBe(events.data.length);
}
