import { randomUUID } from 'node:crypto';
import { ROUTES } from '@ironforge/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { create, created, decide, read, refusalOf, replyOf, setPolicy } from './testbed/story.fixture.ts';
import { NATIVE, PAYEE, startWorld, TOKEN, type World } from './testbed/world.fixture.ts';

let world: World;
let walletId: string;
beforeAll(async () => {
  world = await startWorld();
  await setPolicy(world, 'two of three');
  walletId = world.addWallet().id;
});
afterAll(() => world[Symbol.asyncDispose]());

test('the same wish with one key, twenty times at once and once later, is one request and one answer', async () => {
  const post = wishWith(randomUUID());
  const atOnce = await Promise.all(Array.from({ length: 20 }, () => post('5')));
  const later = await post('5');
  const replies = [...atOnce, later].map((answer) => replyOf(answer));
  expect(new Set(replies.map(({ id }) => id)).size).toBe(1);
  expect(later.headers.get('idempotent-replayed')).toBe('true');
  expect(later.headers.get('location')).toBe(`/v1/transactions/${replies[0]?.id}`);
  const [{ count } = { count: null }] = await world.database.query(
    'SELECT count(*) FROM tx_requests WHERE id = $1',
    [replies[0]?.id],
  );
  expect(count).toBe('1');
});

test('one key with another body is refused, and no key is too', async () => {
  const post = wishWith(randomUUID());
  replyOf(await post('5'));
  expect(refusalOf(await post('6'))).toBe('422 idempotency_key_reused');
  const body = { walletId, to: PAYEE, assetId: NATIVE, amount: '5' };
  const bare = await world.ask(world.people.operator, ROUTES.createTransaction, { body });
  expect(refusalOf(bare)).toBe('400 idempotency_key_required');
});

test('the first answer is given again, whatever became of wallet and neighbours since', async () => {
  const wallet = world.addWallet();
  const post = wishWith(randomUUID(), wallet.id);
  const first = replyOf(await post('5'));
  const stored = world.neighbourhood.wallets.get(wallet.id);
  if (stored) stored.isWatchOnly = true;
  expect(replyOf(await post('5'))).toEqual(first);
  expect(refusalOf(await post('6'))).toBe('422 idempotency_key_reused');
  world.neighbourhood.isIdentityDown = true;
  const whileDown = await post('5').finally(() => (world.neighbourhood.isIdentityDown = false));
  expect(replyOf(whileDown)).toEqual(first);
  expect(refusalOf(await create(world, wallet.id))).toBe('403 wallet_watch_only');
});

test('a clientReference is taken once per tenant, for ever', async () => {
  await created(world, walletId, { clientReference: 'once' });
  expect(refusalOf(await create(world, walletId, { clientReference: 'once' }))).toBe(
    '409 client_reference_exists',
  );
});

test('two approvers who decide at the same moment both count, and one person at once twice counts once', async () => {
  const { ann, ben, eva } = world.people;
  for (let round = 0; round < 5; round += 1) {
    const { id } = await created(world, walletId);
    const answers = await Promise.all([ann, ann, ben].map((person) => decide(world, person, id)));
    expect(answers.filter((answer) => 'reply' in answer)).toHaveLength(2);
    expect(await read(world, id)).toMatchObject({ status: 'approved', required: [{ given: 2 }] });
    expect(refusalOf(await decide(world, eva, id))).toBe('409 illegal_transition');
  }
});

test('the plan allows exactly as many requests a day as it says, also when they come at once', async () => {
  const [{ requests } = { requests: 0 }] = await world.database.query('SELECT requests FROM daily_tx_counts');
  const before = Number(requests);
  world.neighbourhood.limits.maxTransactionsPerDay = before + 10;
  const answers = await Promise.all(Array.from({ length: 30 }, () => create(world, walletId)));
  world.neighbourhood.limits.maxTransactionsPerDay = 100_000;
  expect(answers.filter((answer) => 'reply' in answer)).toHaveLength(10);
  expect(answers.filter((answer) => 'problem' in answer).map(refusalOf)).toEqual(
    Array.from({ length: 20 }, () => '403 plan_limit_reached'),
  );
});

test.each([
  ['a wrong checksum', { to: '0x70997970C51812dc3A010C7d01b50e0d17dc79c8' }, '/to', 'wrong_checksum'],
  ['no address', { to: 'bob' }, '/to', 'malformed'],
  ['zero without data', { amount: '0' }, '/amount', 'zero_without_data'],
  ['data with a token', { assetId: TOKEN, data: '0x01' }, '/data', 'native_asset_only'],
  ['a validity in the past', { validUntil: '2020-01-01T00:00:00Z' }, '/validUntil', 'past'],
  ['a negative amount', { amount: '-1' }, '/amount', null],
  ['a fraction', { amount: '1.5' }, '/amount', null],
  ['an amount above uint256', { amount: (2n ** 256n).toString() }, '/amount', null],
  ['a key in the note', { note: 'ab'.repeat(32) }, '/note', 'secret_in_request'],
])('%s is refused with a pointer, and nothing is stored', async (_, fields, pointer, code) => {
  const answer = await create(world, walletId, fields);
  expect(answer.status).toBe(422);
  const errors = 'problem' in answer ? answer.problem.errors : [];
  expect(errors).toContainEqual(expect.objectContaining({ pointer, ...(code === null ? {} : { code }) }));
});

test('a wallet that is not there, or watches only, sends nothing', async () => {
  expect(refusalOf(await create(world, randomUUID()))).toBe('404 not_found');
  const watched = world.addWallet();
  const stored = world.neighbourhood.wallets.get(watched.id);
  if (stored) stored.isWatchOnly = true;
  expect(refusalOf(await create(world, watched.id))).toBe('403 wallet_watch_only');
});

test('data needs a rule that names it: here it is denied', async () => {
  expect(await created(world, walletId, { data: '0x01', amount: '0' })).toMatchObject({
    status: 'rejected',
    reason: 'policy_denied',
    policy: { explanation: [{ rule: 'two of three', matched: false, why: 'does not match: data' }] },
  });
});

function wishWith(key: string, from = walletId) {
  return (amount: string) =>
    world.ask(world.people.operator, ROUTES.createTransaction, {
      body: { walletId: from, to: PAYEE, assetId: NATIVE, amount },
      headers: { 'idempotency-key': key },
    });
}
