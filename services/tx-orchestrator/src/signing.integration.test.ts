import { ROUTES } from '@ironforge/contracts';
import { waitUntil } from '@ironforge/testing';
import { Transaction } from 'ethers';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { installPolicy } from './testbed/policies.fixture.ts';
import type { NeighbourWallet } from './testbed/neighbours.fixture.ts';
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
  signedRequest,
  submit,
} from './testbed/story.fixture.ts';
import { broadcastsWritten, published, securityEvent } from './testbed/published.fixture.ts';
import { startWorld, TOKEN, type World } from './testbed/world.fixture.ts';

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

test.each([
  ['to', { to: '0x90F79bf6EB2c4f870365E785982E1f101E93b906' }],
  ['value', { value: '6' }],
  ['data', { data: '0x00' }],
  ['nonce', { nonce: 1 }],
  ['chainId', { chainId: 1 }],
  ['fee', { gasLimit: 30_000_000 }],
  ['type', { type: 0 }],
  ['type', { type: 1, accessList: [] }],
])(
  'signed bytes with another %s are refused, name the field, and leave nothing but a security event',
  async (field, fields) => {
    const { id } = await created(world, wallet.id);
    const offer = await payload(world, id);
    const refused = await submit(world, offer, sign(wallet.key, offer, fields));
    expect(refusalOf(refused)).toBe('422 signed_bytes_differ');
    const errors = 'problem' in refused ? refused.problem.errors : [];
    expect(errors).toContainEqual({ pointer: '/signedTransaction', code: 'differs', field });
    expect(await read(world, id)).toMatchObject({
      status: 'approved',
      attempts: [{ state: 'offered', txHash: null }],
    });
    const event = await securityEvent(world, id);
    expect(event).toMatchObject({
      type: 'security.signature_refused',
      aggregateversion: 1,
      data: { code: 'signed_bytes_differ' },
    });
    expect(event.data.fields).toContain(field);
  },
);

test('bytes of another signer are refused by their sender', async () => {
  const { id } = await created(world, wallet.id);
  const offer = await payload(world, id);
  const refused = await submit(world, offer, sign(world.addWallet().key, offer));
  expect(JSON.stringify(refused)).toContain('"field":"from"');
});

test('what is no transaction at all is 422, and is told as a security event', async () => {
  const { id } = await created(world, wallet.id);
  expect(refusalOf(await submit(world, await payload(world, id), '0x02deadbeef'))).toMatch(/^422/);
  expect((await securityEvent(world, id)).data.code).toBe('validation_failed');
});

test('a token transfer is encoded by us from the intent', async () => {
  const { id } = await created(world, wallet.id, { assetId: TOKEN, amount: '7' });
  const offer = await payload(world, id);
  expect(Transaction.from(offer.evm.unsignedTransaction).data).toMatch(/^0xa9059cbb0{24}70997970c5/);
  expect(replyOf(await submit(world, offer, sign(wallet.key, offer)))).toMatchObject({ status: 'signed' });
});

test('a lease that ran out is taken over; the displaced signature is refused, and the request waits for its nonce', async () => {
  const first = await created(world, wallet.id);
  const second = await created(world, wallet.id);
  const late = await payload(world, first.id);
  expect((await payload(world, second.id)).evm.nonce).toBe(1);
  await passLease(wallet);
  const third = await created(world, wallet.id);
  const taken = await payload(world, third.id);
  expect(taken.evm.nonce).toBe(late.evm.nonce);
  expect(taken.fence).toBeGreaterThan(late.fence);
  expect(refusalOf(await submit(world, late, sign(wallet.key, late)))).toBe('409 lease_lost');
  expect((await securityEvent(world, first.id)).data).toMatchObject({
    code: 'lease_lost',
    leaseId: late.leaseId,
  });
  expect(await read(world, first.id)).toMatchObject({
    reason: 'waiting_for_nonce',
    attempts: [{ state: 'displaced' }],
  });
  expect(refusalOf(await askPayload(world, first.id))).toBe('409 waiting_for_nonce');
});

test('a late signature of a holder whom nobody displaced is welcome', async () => {
  const { id } = await created(world, wallet.id);
  const offer = await payload(world, id);
  await passLease(wallet);
  expect(await payload(world, id)).toEqual(await payload(world, id));
  expect(replyOf(await submit(world, offer, sign(wallet.key, offer)))).toMatchObject({ status: 'signed' });
});

test('a lease of another request is no lease here', async () => {
  const [one, two] = [await created(world, wallet.id), await created(world, wallet.id)];
  const offer = await payload(world, one.id);
  const bytes = sign(wallet.key, offer);
  expect(refusalOf(await submit(world, { ...offer, transactionId: two.id }, bytes))).toBe('409 lease_lost');
});

test('signed above a gap is queued behind it, and is sent when the gap is filled', async () => {
  const below = await created(world, wallet.id);
  const gap = await payload(world, below.id);
  const above = await signedRequest(world, wallet);
  expect(above.shown).toMatchObject({ status: 'signed' });
  expect(await read(world, above.id)).toMatchObject({ status: 'signed', reason: 'queued_behind' });
  expect(await sentNonces()).toEqual([]);
  replyOf(await submit(world, gap, sign(wallet.key, gap)));
  await waitUntil('both to be sent', async () => (await sentNonces()).join() === '0,1');
  expect(await read(world, above.id)).toMatchObject({ status: 'signed', reason: null });
});

test('a suspended approver no longer counts: no signature, the request waits for approval again', async () => {
  const { ann, ben, eva } = world.people;
  const groups = [{ name: 'g', role: 'approver' as const, required: 2 }];
  const rule = { name: 'two of three', when: {}, effect: { type: 'require_approvals' as const, groups } };
  const policy = await installPolicy(world, { name: 'two of three', isDefault: false, rules: [rule] });
  const guarded = world.neighbourhood.wallets.get(wallet.id);
  if (guarded) guarded.policyId = policy.id;
  const { id } = await created(world, wallet.id);
  await decide(world, ann, id);
  replyOf(await decide(world, ben, id));
  const offer = await payload(world, id);
  world.neighbourhood.users.set(ann.userId, { roles: ['approver'], status: 'suspended' });
  expect(refusalOf(await submit(world, offer, sign(wallet.key, offer)))).toBe('409 quorum_missing');
  expect(await read(world, id)).toMatchObject({ status: 'pending_approval' });
  replyOf(await decide(world, eva, id));
  world.neighbourhood.users.set(ann.userId, { roles: ['approver'], status: 'active' });
  expect(replyOf(await submit(world, offer, sign(wallet.key, offer)))).toMatchObject({ status: 'signed' });
});

test('a deny of the policy now in force ends an approved request, whatever it was pinned to', async () => {
  const { id } = await created(world, wallet.id);
  const body = {
    name: 'stop',
    isDefault: false,
    rules: [{ name: 'stop', when: {}, effect: { type: 'deny' } as const }],
  };
  const stop = await installPolicy(world, body);
  const stopped = world.neighbourhood.wallets.get(wallet.id);
  if (stopped) stopped.policyId = stop.id;
  expect(refusalOf(await askPayload(world, id))).toBe('409 illegal_transition');
  expect(await read(world, id)).toMatchObject({ status: 'rejected', reason: 'policy_denied' });
});

test('when identity does not answer, nothing is signed off', async () => {
  const { id } = await created(world, wallet.id);
  world.neighbourhood.isIdentityDown = true;
  expect(refusalOf(await askPayload(world, id))).toBe('503 dependency_down');
  world.neighbourhood.isIdentityDown = false;
  await payload(world, id);
});

test('funds are looked at before a signature is asked for', async () => {
  const { id } = await created(world, wallet.id);
  world.neighbourhood.quote.nativeBalance = '4';
  expect(refusalOf(await askPayload(world, id))).toBe('409 insufficient_funds');
  expect(await read(world, id)).toMatchObject({ status: 'approved', reason: 'insufficient_funds' });
  world.neighbourhood.quote.nativeBalance = `9${'0'.repeat(24)}`;
  const tight = await created(world, wallet.id, { feeCeiling: '1000' });
  expect(refusalOf(await askPayload(world, tight.id))).toBe('409 fee_above_ceiling');
});

test('a request that ended unsigned frees its nonce when its lease is over', async () => {
  const { id } = await created(world, wallet.id);
  await payload(world, id);
  await world.ask(world.people.operator, ROUTES.cancelTransaction, { params: { id } });
  await passLease(wallet);
  await waitUntil('the slot to be free', async () => (await slots()).join() === 'free');
  const next = await created(world, wallet.id);
  expect((await payload(world, next.id)).evm.nonce).toBe(0);
});

test('what is approved too late or valid no longer expires by itself', async () => {
  const { id } = await created(world, wallet.id);
  await passValidity(id);
  await waitUntil('the request to expire', async () => (await read(world, id)).status === 'expired');
  expect(await read(world, id)).toMatchObject({ reason: 'validity_passed', expiresAt: null });
});

test('signed bytes that were not sent before their validity ended wait, and signers are offered their cancel', async () => {
  const below = await created(world, wallet.id);
  const gap = await payload(world, below.id);
  const { id } = await created(world, wallet.id);
  const offer = await payload(world, id);
  replyOf(await submit(world, offer, sign(wallet.key, offer)));
  await passValidity(id);
  await waitUntil('the validity to end', async () => (await read(world, id)).reason === 'validity_passed');
  replyOf(await submit(world, gap, sign(wallet.key, gap)));
  await waitUntil('the gap to be sent', async () => (await sentNonces()).join() === '0');
  await sweeperLooksAgain();
  expect(await broadcastsWritten(world, id)).toBe(0);
  expect(await sentNonces()).toEqual([0]);
  expect(await read(world, id)).toMatchObject({
    status: 'signed',
    reason: 'validity_passed',
    expiresAt: null,
  });
  await waitUntil('the cancel to be offered', async () =>
    (await read(world, id)).attempts.some(isOfferedCancel),
  );
  const input = { params: { id }, body: { kind: 'cancel' } } as const;
  const cancel = replyOf(await world.ask(world.people.signer, ROUTES.createSigningPayload, input));
  replyOf(await submit(world, cancel, sign(wallet.key, cancel)));
  await waitUntil('the cancel to be sent', async () => (await sentNonces()).join() === '0,1');
});

function isOfferedCancel({ kind, state }: { readonly kind: string; readonly state: string }): boolean {
  return kind === 'cancel' && state === 'offered';
}

/** Lets every lease of a wallet run out, in the database's time. */
async function passLease({ address }: NeighbourWallet): Promise<void> {
  const sql = `UPDATE nonce_slots SET lease_expires_at = now() - interval '1 second' WHERE address = $1`;
  await world.database.query(sql, [address]);
}

/** Lets the validity of a request end, in the database's time. */
async function passValidity(id: string): Promise<void> {
  const sql = `UPDATE tx_requests SET expires_at = now() - interval '1 second',
    state = jsonb_set(state, '{validUntilMs}', '0') WHERE id = $1`;
  await world.database.query(sql, [id]);
}

/** Makes the signed bytes of the wallet due, and waits until the sweeper has decided about them. */
async function sweeperLooksAgain(): Promise<void> {
  const sql = `UPDATE tx_attempts SET updated_at = now() - interval '1 hour' WHERE address = $1 AND raw IS NOT NULL AND sent_at IS NULL`;
  await world.database.query(sql, [wallet.address]);
  await waitUntil('the sweeper', async () => {
    const due = `SELECT id FROM tx_attempts WHERE address = $1 AND raw IS NOT NULL AND updated_at < now() - interval '30 minutes'`;
    return (await world.database.query(due, [wallet.address])).length === 0;
  });
}

async function slots(): Promise<unknown[]> {
  const rows = await world.database.query('SELECT state FROM nonce_slots WHERE address = $1', [
    wallet.address,
  ]);
  return rows.map(({ state }) => state);
}

/** The nonces that a command to send was published for; it comes again every 5 s, since no node answers here. */
async function sentNonces(): Promise<number[]> {
  const commands = await published(world, ({ type }) => type === 'tx_broadcast');
  const nonces = commands
    .filter(({ data }) => data.address === wallet.address)
    .map(({ data }) => data.nonce ?? -1);
  return [...new Set(nonces)].toSorted((a, b) => a - b);
}
