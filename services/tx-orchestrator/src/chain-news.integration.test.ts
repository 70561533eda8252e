import { ROUTES } from '@ironforge/contracts';
import { waitUntil } from '@ironforge/testing';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { deliver, moveHead, news, observed, spent } from './testbed/news.fixture.ts';
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
import { broadcasts, broadcastsWritten, securityEvent } from './testbed/published.fixture.ts';
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

const OURS = { to: PAYEE, value: '5' };
/** Published yet or not: they are written together with what they tell. */
const SECURITY_EVENTS = `SELECT body FROM outbox WHERE routing_key LIKE 'security.%' AND body LIKE '%' || $1 || '%'`;

test('every message twice and in the wrong order has the effect of each once, in order', async () => {
  const { id, shown, txHash } = await signedRequest(world, wallet);
  const seen = { attemptId: shown.attempts[0]?.id ?? '', txHash };
  const accepted = news(world, 'chain.tx_accepted', { requestId: id, ...seen, height: 9 });
  const place = { address: wallet.address, nonce: 0 };
  const tx = { hash: txHash, ...OURS };
  const messages = [
    observed(world, id, { version: 3, depth: 'finalized', ...seen }),
    spent(world, { ...place, version: 2, depth: 'confirmed' }, tx),
    observed(world, id, { version: 1, depth: 'included', ...seen }),
    accepted,
    spent(world, { ...place, version: 1, depth: 'included' }, tx),
    observed(world, id, { version: 2, depth: 'confirmed', ...seen }),
  ];
  await deliver(world, ...messages, ...messages.toReversed());
  const final = await read(world, id);
  expect(final).toMatchObject({ status: 'confirmed', reason: null });
  expect(final.finalizedAt).not.toBeNull();
  const events = replyOf(
    await world.ask(world.people.operator, ROUTES.listTransactionEvents, { params: { id } }),
  );
  const types = events.data.map(({ type }) => type).filter((type) => type !== 'broadcasted');
  expect(types.slice(-3)).toEqual(['included', 'confirmed', 'finalized']);
  expect(types.filter((type) => type === 'confirmed')).toHaveLength(1);
});

test('a reorg takes a confirmed request back, its bytes are sent again, and it confirms again', async () => {
  const { id, shown, txHash } = await signedRequest(world, wallet);
  const seen = { attemptId: shown.attempts[0]?.id ?? '', txHash };
  await deliver(world, observed(world, id, { version: 1, depth: 'confirmed', ...seen }));
  expect((await read(world, id)).status).toBe('confirmed');
  await deliver(world, observed(world, id, { version: 2, depth: 'none', ...seen }));
  expect(await read(world, id)).toMatchObject({
    status: 'broadcasted',
    reason: 'reorged',
    blockHeight: null,
  });
  await waitUntil('the same bytes to be sent again', async () => (await broadcasts(world, id)).length > 1);
  await deliver(world, observed(world, id, { version: 3, depth: 'confirmed', ...seen }));
  expect((await read(world, id)).status).toBe('confirmed');
});

test('a refusal of a node is a reason and not an end, and the same bytes are sent again', async () => {
  const { id, shown } = await signedRequest(world, wallet);
  const attemptId = shown.attempts[0]?.id ?? '';
  const refused = {
    requestId: id,
    attemptId,
    reason: 'underpriced',
    detail: 'too cheap',
    height: 5,
  } as const;
  await deliver(world, news(world, 'chain.tx_refused', refused));
  expect(await read(world, id)).toMatchObject({ status: 'signed', reason: 'underpriced' });
  await waitUntil('the same bytes to be sent again', async () => (await broadcasts(world, id)).length > 1);
});

test('bytes of unknown outcome say so and are sent again, until a node has them', async () => {
  const { id, shown, txHash } = await signedRequest(world, wallet);
  const ofAttempt = { requestId: id, attemptId: shown.attempts[0]?.id ?? '', height: 5 };
  const unknown = { ...ofAttempt, reason: 'outcome_unknown', detail: 'the line broke' } as const;
  await deliver(world, news(world, 'chain.tx_refused', unknown));
  expect(await read(world, id)).toMatchObject({ status: 'signed', reason: 'outcome_unknown' });
  await waitUntil('the same bytes to be sent again', async () => (await broadcasts(world, id)).length > 1);
  expect(new Set((await broadcasts(world, id)).map(({ data }) => data.raw)).size).toBe(1);
  await deliver(world, news(world, 'chain.tx_accepted', { ...ofAttempt, txHash }));
  expect(await read(world, id)).toMatchObject({ status: 'broadcasted', reason: null });
});

test('bytes that no node has any more are evicted, sent again, and on their way again once one has them', async () => {
  const { id, shown, txHash } = await signedRequest(world, wallet);
  const ofAttempt = { requestId: id, attemptId: shown.attempts[0]?.id ?? '', height: 5 };
  await deliver(world, news(world, 'chain.tx_accepted', { ...ofAttempt, txHash }));
  expect(await read(world, id)).toMatchObject({ status: 'broadcasted', reason: null });
  const evicted = { ...ofAttempt, reason: 'evicted', detail: 'gone' } as const;
  await deliver(world, news(world, 'chain.tx_refused', evicted));
  expect(await read(world, id)).toMatchObject({ status: 'broadcasted', reason: 'evicted' });
  await waitUntil('the same bytes to be sent again', async () => (await broadcasts(world, id)).length > 1);
  await deliver(world, news(world, 'chain.tx_accepted', { ...ofAttempt, txHash }));
  expect(await read(world, id)).toMatchObject({ status: 'broadcasted', reason: null });
});

test('what the signer broadcast by himself is adopted, whatever its fee, and confirms', async () => {
  const { id } = await created(world, wallet.id);
  await payload(world, id);
  const place = { address: wallet.address, nonce: 0 };
  const own = { hash: `0x${'77'.repeat(32)}`, ...OURS };
  await deliver(world, spent(world, { ...place, version: 1, depth: 'included' }, own));
  expect(await read(world, id)).toMatchObject({ status: 'broadcasted', txHash: own.hash });
  await deliver(world, spent(world, { ...place, version: 2, depth: 'confirmed' }, own));
  expect(await read(world, id)).toMatchObject({
    status: 'confirmed',
    attempts: [{ state: 'mined', fee: { paid: '21000' } }],
  });
});

test('mined after a cancel is adopted, with a security event', async () => {
  const { id } = await created(world, wallet.id);
  await payload(world, id);
  await world.ask(world.people.operator, ROUTES.cancelTransaction, { params: { id } });
  const own = { hash: `0x${'78'.repeat(32)}`, ...OURS };
  await deliver(
    world,
    spent(world, { address: wallet.address, nonce: 0, version: 1, depth: 'included' }, own),
  );
  expect(await read(world, id)).toMatchObject({ status: 'broadcasted', reason: 'mined_after_cancel' });
  expect((await securityEvent(world, id)).type).toBe('security.mined_after_end');
});

test('other bytes than the stored ones, with the same effect, are adopted as an attempt of their own', async () => {
  const { id } = await signedRequest(world, wallet);
  const own = { hash: `0x${'79'.repeat(32)}`, ...OURS };
  await deliver(
    world,
    spent(world, { address: wallet.address, nonce: 0, version: 1, depth: 'confirmed' }, own),
  );
  const shown = await read(world, id);
  expect(shown).toMatchObject({ status: 'confirmed', txHash: own.hash });
  expect(shown.attempts.map(({ state }) => state).toSorted()).toEqual(['mined', 'replaced']);
  expect(await securityEvent(world, id)).toMatchObject({
    type: 'security.adopted_with_differences',
    data: { txHash: own.hash, fields: ['signature'] },
  });
});

test.each([
  ['another fee', { maxFeePerGas: '1999999999' }, ['fee']],
  ['another gas limit', { gasLimit: 21_001 }, ['fee']],
  ['an access list', { attachments: ['access_list'] }, ['access_list']],
  [
    'another type that pays by a gas price and carries an access list',
    { type: 1, maxPriorityFeePerGas: '2000000000', attachments: ['access_list'] },
    ['type', 'fee', 'access_list'],
  ],
] as const)('what the signer broadcast with %s is adopted, and said to be so', async (_, terms, fields) => {
  const { id } = await created(world, wallet.id);
  await payload(world, id);
  const place = { address: wallet.address, nonce: 0, version: 1, depth: 'included' } as const;
  const attachments = 'attachments' in terms ? [...terms.attachments] : [];
  await deliver(world, spent(world, place, { hash: newHash(), ...OURS, ...terms, attachments }));
  expect((await read(world, id)).status).toBe('broadcasted');
  expect(await securityEvent(world, id)).toMatchObject({
    type: 'security.adopted_with_differences',
    data: { fields },
  });
});

test('other bytes than the stored ones, at another fee, are said to differ in that', async () => {
  const { id } = await signedRequest(world, wallet);
  const place = { address: wallet.address, nonce: 0, version: 1, depth: 'included' } as const;
  const dearer = { hash: newHash(), ...OURS, maxPriorityFeePerGas: '1500000000' };
  await deliver(world, spent(world, place, dearer));
  expect((await securityEvent(world, id)).data).toMatchObject({ txHash: dearer.hash, fields: ['fee'] });
});

test('what the signer broadcast just as it was offered is adopted without alarm', async () => {
  const { id } = await created(world, wallet.id);
  await payload(world, id);
  const place = { address: wallet.address, nonce: 0, version: 1, depth: 'included' } as const;
  await deliver(world, spent(world, place, { hash: newHash(), ...OURS }));
  expect((await read(world, id)).status).toBe('broadcasted');
  expect(await world.database.query(SECURITY_EVENTS, [id])).toEqual([]);
});

test('a nonce that a stranger spent ends the signed request at depth, and a reorg brings it back', async () => {
  const { id } = await signedRequest(world, wallet);
  const place = { address: wallet.address, nonce: 0 };
  const strange = { hash: `0x${'66'.repeat(32)}`, to: PAYEE, value: '999' };
  await deliver(world, spent(world, { ...place, version: 1, depth: 'included' }, strange));
  expect((await read(world, id)).status).toBe('signed');
  await deliver(world, spent(world, { ...place, version: 2, depth: 'confirmed' }, strange));
  expect(await read(world, id)).toMatchObject({
    status: 'failed',
    reason: 'replaced_outside',
    finalizedAt: null,
  });
  await deliver(world, spent(world, { ...place, version: 3, depth: 'none' }, null));
  expect(await read(world, id)).toMatchObject({ status: 'broadcasted', reason: 'reorged' });
  expect((await securityEvent(world, id)).type).toBe('security.nonce_spent_outside');
});

test('an older word about a nonce, after a newer one, changes nothing', async () => {
  const { id } = await signedRequest(world, wallet);
  const place = { address: wallet.address, nonce: 0 };
  const strange = { hash: `0x${'68'.repeat(32)}`, to: PAYEE, value: '999' };
  await deliver(world, spent(world, { ...place, version: 5, depth: 'confirmed' }, strange));
  await deliver(world, spent(world, { ...place, version: 4, depth: 'none' }, null));
  expect(await read(world, id)).toMatchObject({ status: 'failed', reason: 'replaced_outside' });
  const sql = 'SELECT state, spent_version FROM nonce_slots WHERE address = $1';
  expect(await world.database.query(sql, [wallet.address])).toEqual([{ state: 'spent', spent_version: '5' }]);
});

test('who was offered a nonce and never signed takes another only when that one is finally spent', async () => {
  const { id } = await created(world, wallet.id);
  const first = await payload(world, id);
  const place = { address: wallet.address, nonce: 0 };
  const strange = { hash: `0x${'67'.repeat(32)}`, to: PAYEE, value: '999' };
  await deliver(world, spent(world, { ...place, version: 1, depth: 'confirmed' }, strange));
  expect(refusalOf(await submit(world, first, sign(wallet.key, first)))).toBe('409 lease_lost');
  world.neighbourhood.quote.minedCount = 1;
  await deliver(world, spent(world, { ...place, version: 2, depth: 'finalized' }, strange));
  const second = await payload(world, id);
  expect(second.evm.nonce).toBe(1);
  world.neighbourhood.quote.minedCount = 0;
  expect(replyOf(await submit(world, second, sign(wallet.key, second)))).toMatchObject({ status: 'signed' });
});

test('a message about a request that nobody knows, or of another tenant, is let go', async () => {
  const { id, shown, txHash } = await signedRequest(world, wallet);
  const message = observed(world, id, {
    version: 1,
    depth: 'confirmed',
    attemptId: shown.attempts[0]?.id ?? '',
    txHash,
  });
  const foreign = { ...message, body: { ...message.body, tenantid: crypto.randomUUID() } };
  await deliver(world, foreign);
  expect((await read(world, id)).status).toBe('signed');
});

test('when nobody speaks of sent bytes for some blocks they are sent again, sooner while they are in no block', async () => {
  const lost = await signedRequest(world, wallet);
  const mined = await signedRequest(world, world.addWallet());
  for (const { id, shown, txHash } of [lost, mined]) {
    const seen = { attemptId: shown.attempts[0]?.id ?? '', txHash };
    await deliver(world, news(world, 'chain.tx_accepted', { requestId: id, ...seen, height: 11 }));
  }
  const seen = { attemptId: mined.shown.attempts[0]?.id ?? '', txHash: mined.txHash };
  await deliver(world, observed(world, mined.id, { version: 1, depth: 'included', ...seen }));
  // From now on a node has the bytes: what comes beyond this is asked for because nobody speaks.
  const known = new Map<string, number>();
  for (const { id } of [lost, mined]) known.set(id, await broadcastsWritten(world, id));
  const isAskedFor = async (id: string) => (await broadcastsWritten(world, id)) > (known.get(id) ?? 0);
  await moveHead(world, 11 + 5);
  await waitUntil('the lost one to be sent again', () => isAskedFor(lost.id));
  expect(await isAskedFor(mined.id)).toBe(false);
  await moveHead(world, 11 + 17);
  await waitUntil('the mined one to be asked for', () => isAskedFor(mined.id));
  expect(await read(world, lost.id)).toMatchObject({ status: 'broadcasted' });
});

function newHash(): string {
  return `0x${crypto.randomUUID().replaceAll('-', '').repeat(2)}`;
}
