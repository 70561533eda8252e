import { randomUUID } from 'node:crypto';
import { ROUTES } from '@ironforge/contracts';
import { waitUntil } from '@ironforge/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { installPolicy } from '../testbed/policies.fixture.ts';
import { figureOf, reservedOf, setHardLimit, setLimit } from '../testbed/limit.fixture.ts';
import { deliver, observed, spent } from '../testbed/news.fixture.ts';
import {
  askPayload,
  create,
  created,
  decide,
  payload,
  read,
  refusalOf,
  replyOf,
  sign,
  signedRequest,
  submit,
} from '../testbed/story.fixture.ts';
import { NATIVE, PAYEE, startWorld, type World } from '../testbed/world.fixture.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

type Shown = Awaited<ReturnType<typeof created>>;

/** How many requests each rule let through. */
function byRule(requests: readonly Pick<Shown, 'policy'>[]) {
  const count = (rule: string) => requests.filter(({ policy }) => policy?.rule === rule).length;
  return { daily: count('daily'), above: count('above') };
}

/** So many at once may be more than a slow machine's neighbours answer in time: then a client asks again, as told. */
async function createdPatiently(walletId: string): Promise<Shown> {
  const ask = async () => {
    const answer = await create(world, walletId);
    return answer.status === 503 ? null : answer;
  };
  return replyOf(await waitUntil('a request or a refusal', ask, { intervalMs: 250 }));
}

async function cancel(id: string) {
  return await world.ask(world.people.operator, ROUTES.cancelTransaction, { params: { id } });
}

test('of 100 submissions at once against a limit for 10 exactly 10 pass, and the others fall to the next rule', async () => {
  const policyId = await setLimit(world, 54);
  const wallet = world.addWallet();
  const requests = await Promise.all(Array.from({ length: 100 }, () => createdPatiently(wallet.id)));
  expect(byRule(requests)).toEqual({ daily: 10, above: 90 });
  const passed = requests.filter(({ status }) => status === 'approved');
  expect(byRule(passed)).toEqual({ daily: 10, above: 0 });
  expect(requests.filter(({ status }) => status === 'pending_approval')).toHaveLength(90);
  expect(requests.find(({ policy }) => policy?.rule === 'above')?.policy?.explanation).toEqual([
    { rule: 'daily', matched: false, why: 'does not match: window' },
    { rule: 'above', matched: true, why: 'every condition holds' },
  ]);
  expect(await figureOf(world, policyId)).toEqual({ open: 50, committed: 0 });
  expect((await created(world, wallet.id, { amount: '4' })).policy?.rule).toBe('daily');
  expect((await created(world, wallet.id, { amount: '1' })).policy?.rule).toBe('above');
});

test('drafts that are handed in at once are counted like new requests', async () => {
  const policyId = await setLimit(world, 15);
  const wallet = world.addWallet();
  const drafts = await Promise.all(
    Array.from({ length: 12 }, () => created(world, wallet.id, { submit: false })),
  );
  expect(await figureOf(world, policyId)).toEqual({ open: 0, committed: 0 });
  const answers = await Promise.all(
    drafts.map(({ id }) => world.ask(world.people.operator, ROUTES.submitTransaction, { params: { id } })),
  );
  expect(byRule(answers.map(replyOf))).toEqual({ daily: 3, above: 9 });
  expect(await figureOf(world, policyId)).toEqual({ open: 15, committed: 0 });
});

test('a submission that is repeated reserves once, however many repeat it at once', async () => {
  const policyId = await setLimit(world, 100);
  const body = { walletId: world.addWallet().id, to: PAYEE, assetId: NATIVE, amount: '7' };
  const headers = { 'idempotency-key': randomUUID() };
  const send = () => world.ask(world.people.operator, ROUTES.createTransaction, { body, headers });
  const answers = await Promise.all(Array.from({ length: 8 }, send));
  expect(new Set(answers.map((answer) => replyOf(answer).id)).size).toBe(1);
  expect(await figureOf(world, policyId)).toEqual({ open: 7, committed: 0 });
});

test('every end without a payment gives the amount back, once', async () => {
  const approvers = [world.people.ann.userId];
  const groups = [{ name: 'one', approvers, required: 1 }];
  const policyId = await setHardLimit(world, 15, { type: 'require_approvals', groups });
  const wallet = world.addWallet();
  const [rejected, cancelled, expiring] = [
    await created(world, wallet.id),
    await created(world, wallet.id),
    await created(world, wallet.id),
  ];
  expect(await created(world, wallet.id)).toMatchObject({ status: 'rejected', reason: 'limit_reached' });
  expect(await figureOf(world, policyId)).toEqual({ open: 15, committed: 0 });
  replyOf(await decide(world, world.people.ann, rejected.id, 'reject'));
  const cancels = await Promise.all(Array.from({ length: 4 }, () => cancel(cancelled.id)));
  expect(cancels.filter(({ status }) => status === 200)).toHaveLength(1);
  expect(await figureOf(world, policyId)).toEqual({ open: 5, committed: 0 });
  await world.database.query(
    `UPDATE tx_requests SET expires_at = now(), state = jsonb_set(state, '{validUntilMs}', '0') WHERE id = $1`,
    [expiring.id],
  );
  await waitUntil('the request to expire', async () => (await read(world, expiring.id)).status === 'expired');
  expect(await figureOf(world, policyId)).toEqual({ open: 0, committed: 0 });
  expect(await created(world, wallet.id, { amount: '15' })).toMatchObject({ status: 'pending_approval' });
});

test('a deny of a newer policy gives the amount back as well', async () => {
  const policyId = await setLimit(world, 5);
  const { id } = await created(world, world.addWallet().id);
  const body = {
    name: 'closed',
    isDefault: true,
    rules: [{ name: 'all', when: {}, effect: { type: 'deny' as const } }],
  };
  await installPolicy(world, body);
  expect(refusalOf(await askPayload(world, id))).toBe('409 illegal_transition');
  expect(await figureOf(world, policyId)).toEqual({ open: 0, committed: 0 });
});

test('a confirmation commits, a reorg opens again, another confirmation commits again', async () => {
  const policyId = await setLimit(world, 5);
  const wallet = world.addWallet();
  const { id, shown, txHash } = await signedRequest(world, wallet);
  expect(shown.policy?.rule, 'its own reservation does not stand in its way').toBe('daily');
  const seen = { attemptId: shown.attempts[0]?.id ?? '', txHash };
  const figures = [{ open: 5, committed: 0 }];
  expect(await figureOf(world, policyId)).toEqual({ open: 5, committed: 0 });
  for (const [version, depth] of [
    [1, 'included'],
    [2, 'confirmed'],
    [3, 'none'],
    [4, 'confirmed'],
    [5, 'finalized'],
  ] as const) {
    const message = observed(world, id, { version, depth, ...seen });
    await deliver(world, message, message);
    figures.push((await figureOf(world, policyId)) as (typeof figures)[number]);
  }
  const [open, committed] = [
    { open: 5, committed: 0 },
    { open: 0, committed: 5 },
  ];
  expect(figures).toEqual([open, open, committed, open, committed, committed]);
  expect((await created(world, wallet.id, { amount: '1' })).policy?.rule).toBe('above');
});

test('what was confirmed leaves the window with the bucket that it is in', async () => {
  const policyId = await setLimit(world, 5);
  const wallet = world.addWallet();
  const { id, shown, txHash } = await signedRequest(world, wallet);
  const seen = { attemptId: shown.attempts[0]?.id ?? '', txHash };
  await deliver(world, observed(world, id, { version: 1, depth: 'confirmed', ...seen }));
  const grow = async (buckets: number) =>
    await world.database.query('UPDATE spending_buckets SET bucket = bucket - $2 WHERE policy_id = $1', [
      policyId,
      buckets,
    ]);
  await grow(23);
  expect((await created(world, wallet.id)).policy?.rule, 'the oldest buckets count in full').toBe('above');
  await grow(3);
  expect((await created(world, wallet.id)).policy?.rule).toBe('daily');
});

test('a payment that reverted gives back, and takes again when a reorg undoes that', async () => {
  const policyId = await setLimit(world, 5);
  const wallet = world.addWallet();
  const { id } = await signedRequest(world, wallet);
  const place = { address: wallet.address, nonce: 0 };
  const strange = { hash: `0x${'61'.repeat(32)}`, to: PAYEE, value: '999' };
  await deliver(world, spent(world, { ...place, version: 1, depth: 'confirmed' }, strange));
  expect(await read(world, id)).toMatchObject({ status: 'failed', reason: 'replaced_outside' });
  expect(await figureOf(world, policyId)).toEqual({ open: 0, committed: 0 });
  const other = await created(world, world.addWallet().id);
  expect(other.policy?.rule).toBe('daily');
  await deliver(world, spent(world, { ...place, version: 2, depth: 'none' }, null));
  expect(await read(world, id)).toMatchObject({ status: 'broadcasted', reason: 'reorged' });
  expect(await figureOf(world, policyId), 'over the limit, since it may be mined').toEqual({
    open: 10,
    committed: 0,
  });
});

test('what is mined after its end reserves again, over the limit if need be', async () => {
  const policyId = await setLimit(world, 5);
  const wallet = world.addWallet();
  const { id } = await created(world, wallet.id);
  await payload(world, id);
  replyOf(await cancel(id));
  const other = await created(world, world.addWallet().id);
  expect(other.policy?.rule).toBe('daily');
  const own = { hash: `0x${'62'.repeat(32)}`, to: PAYEE, value: '5' };
  const place = { address: wallet.address, nonce: 0 };
  await deliver(world, spent(world, { ...place, version: 1, depth: 'included' }, own));
  expect(await figureOf(world, policyId)).toEqual({ open: 10, committed: 0 });
  await deliver(world, spent(world, { ...place, version: 2, depth: 'confirmed' }, own));
  expect(await figureOf(world, policyId)).toEqual({ open: 5, committed: 5 });
});

test('submissions, ends and confirmations at once leave the figure that the reservations add up to', async () => {
  const policyId = await setLimit(world, 100);
  const wallets = Array.from({ length: 8 }, () => world.addWallet());
  const flights = await Promise.all(
    wallets.map(async (wallet) => {
      const { id, shown, txHash } = await signedRequest(world, wallet);
      return { id, attemptId: shown.attempts[0]?.id ?? '', txHash };
    }),
  );
  const doomed = await Promise.all(wallets.map((wallet) => created(world, wallet.id)));
  await Promise.all([
    ...flights.map(({ id, ...seen }) =>
      deliver(world, observed(world, id, { version: 1, depth: 'confirmed', ...seen })),
    ),
    ...doomed.map(({ id }) => cancel(id)),
    ...wallets.map((wallet) => create(world, wallet.id)),
  ]);
  expect(await figureOf(world, policyId)).toEqual(await reservedOf(world, policyId));
  expect(await reservedOf(world, policyId)).toMatchObject({ committed: 40 });
});

test('a payload and a signature are given although nothing is left beside its own reservation', async () => {
  await setHardLimit(world, 5, { type: 'allow' });
  const wallet = world.addWallet();
  const { id } = await created(world, wallet.id);
  expect(await created(world, wallet.id)).toMatchObject({ status: 'rejected', reason: 'limit_reached' });
  const offer = await payload(world, id);
  expect(replyOf(await submit(world, offer, sign(wallet.key, offer)))).toMatchObject({ status: 'signed' });
});
