import { ROUTES } from '@ironforge/contracts';
import { createMetrics } from '@ironforge/service-kit';
import { createStore } from '@ironforge/store';
import { createFaultProxy, type FaultProxy } from '@ironforge/testing';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startOrchestrator } from './app.ts';
import { parseConfig } from './config.ts';
import { installPolicy } from './testbed/policies.fixture.ts';
import { askReplacement, askReplacementPayload } from './testbed/replacement.fixture.ts';
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
import { startWorld, type World } from './testbed/world.fixture.ts';

const LEASE_SECONDS = 86_400;

let world: World;
let wallet: ReturnType<World['addWallet']>;
beforeAll(async () => {
  world = await startWorld();
  await setPolicy(world, 'allow');
});
afterAll(() => world[Symbol.asyncDispose]());
beforeEach(() => {
  wallet = world.addWallet();
  world.neighbourhood.users.set(world.people.ann.userId, { roles: ['approver'], status: 'active' });
});

test('a denial at the payload frees the nonce, however long the lease still runs', async () => {
  const { id } = await created(world, wallet.id);
  expect((await payload(world, id, LEASE_SECONDS)).evm.nonce).toBe(0);
  await guard('deny');
  expect(refusalOf(await askPayload(world, id))).toBe('409 illegal_transition');
  expect(await read(world, id)).toMatchObject({ status: 'rejected', reason: 'policy_denied' });
  expect(await nextNonce()).toBe(0);
});

test('a denial at the signature stores nothing and frees the nonce', async () => {
  const { id } = await created(world, wallet.id);
  const offer = await payload(world, id, LEASE_SECONDS);
  await guard('deny');
  expect(refusalOf(await submit(world, offer, sign(wallet.key, offer)))).toBe('409 illegal_transition');
  expect(await read(world, id)).toMatchObject({ status: 'rejected', reason: 'policy_denied', txHash: null });
  expect(await signedBytesOf(id)).toEqual([]);
  expect(await nextNonce()).toBe(0);
});

test('a quorum lost at the payload hands out none, and keeps the nonce for when it is complete again', async () => {
  const { id } = await approvedByTwo();
  const offer = await payload(world, id, LEASE_SECONDS);
  suspendAnn();
  expect(refusalOf(await askPayload(world, id))).toBe('409 quorum_missing');
  expect(await read(world, id)).toMatchObject({ status: 'pending_approval' });
  replyOf(await decide(world, world.people.eva, id));
  expect(await payload(world, id)).toMatchObject({ leaseId: offer.leaseId, evm: { nonce: 0 } });
});

test('a quorum lost at the signature stores nothing, and the same bytes are taken once it is complete again', async () => {
  const { id } = await approvedByTwo();
  const offer = await payload(world, id, LEASE_SECONDS);
  suspendAnn();
  expect(refusalOf(await submit(world, offer, sign(wallet.key, offer)))).toBe('409 quorum_missing');
  expect(await read(world, id)).toMatchObject({ status: 'pending_approval', txHash: null });
  expect(await signedBytesOf(id)).toEqual([]);
  replyOf(await decide(world, world.people.eva, id));
  expect(replyOf(await submit(world, offer, sign(wallet.key, offer)))).toMatchObject({ status: 'signed' });
});

test('a wallet that was closed pays nothing any more: neither a payload nor a signature for one', async () => {
  const [leased, other] = [await created(world, wallet.id), await created(world, wallet.id)];
  const offer = await payload(world, leased.id, LEASE_SECONDS);
  close();
  expect(refusalOf(await askPayload(world, other.id))).toBe('409 wallet_not_active');
  expect(refusalOf(await askPayload(world, leased.id))).toBe('409 wallet_not_active');
  expect(refusalOf(await submit(world, offer, sign(wallet.key, offer)))).toBe('409 wallet_not_active');
  expect(await signedBytesOf(leased.id)).toEqual([]);
});

test('what was signed before its wallet was closed can be taken back on the chain', async () => {
  const { id } = await created(world, wallet.id);
  const offer = await payload(world, id);
  replyOf(await submit(world, offer, sign(wallet.key, offer)));
  close();
  replyOf(await askReplacement(world, id, 'cancel'));
  const cancel = replyOf(await askReplacementPayload(world, id, 'cancel'));
  expect(replyOf(await submit(world, cancel, sign(wallet.key, cancel)))).toMatchObject({ status: 'signed' });
});

test.each(['isIdentityDown', 'isRegistryDown'] as const)(
  'while others do not answer (%s) no signature is taken and nothing is stored',
  async (isDown) => {
    const { id } = await created(world, wallet.id);
    const offer = await payload(world, id);
    const bytes = sign(wallet.key, offer);
    const before = await read(world, id);
    world.neighbourhood[isDown] = true;
    const refused = await submit(world, offer, bytes).finally(() => (world.neighbourhood[isDown] = false));
    expect(refusalOf(refused)).toBe('503 dependency_down');
    expect(await read(world, id)).toEqual(before);
    expect(await signedBytesOf(id)).toEqual([]);
    expect(replyOf(await submit(world, offer, bytes))).toMatchObject({ status: 'signed' });
  },
);

test('while the database is away no signature is taken and nothing is stored', async () => {
  await using proxy = await createFaultProxy(world.environment.DATABASE_URL);
  await using other = await startBehind(proxy);
  const { id } = await created(world, wallet.id);
  const offer = await payload(world, id);
  const bytes = sign(wallet.key, offer);
  const input = { params: { id }, body: { leaseId: offer.leaseId, signedTransaction: bytes } };
  const handIn = () => world.ask(world.people.signer, ROUTES.submitSignature, input, other.url);
  proxy.refuse();
  expect(refusalOf(await handIn())).toBe('503 dependency_down');
  expect(await signedBytesOf(id)).toEqual([]);
  proxy.heal();
  expect(await read(world, id)).toMatchObject({ status: 'approved', txHash: null });
  expect(replyOf(await handIn())).toMatchObject({ status: 'signed' });
});

/** Another orchestrator on the same parts, whose database is reached by a proxy. */
async function startBehind(proxy: FaultProxy) {
  await using stack = new AsyncDisposableStack();
  const DATABASE_URL = proxy.urlFor(world.environment.DATABASE_URL);
  const config = parseConfig({ ...world.environment, DATABASE_URL });
  const store = stack.use(createStore({ url: DATABASE_URL, log: world.log, pool: { min: 0, max: 8 } }));
  const parts = { ...world, store, metrics: createMetrics('tx-orchestrator') };
  const { url } = stack.use(await startOrchestrator(config, parts));
  const running = stack.move();
  return { url, [Symbol.asyncDispose]: () => running.disposeAsync() };
}

/** Another policy is now in force for the wallet. */
async function guard(effect: 'allow' | 'deny' | 'two'): Promise<void> {
  const groups = [{ name: 'g', role: 'approver' as const, required: 2 }];
  const asked = effect === 'two' ? ({ type: 'require_approvals', groups } as const) : { type: effect };
  const body = { name: effect, isDefault: false, rules: [{ name: effect, when: {}, effect: asked }] };
  const guarded = world.neighbourhood.wallets.get(wallet.id);
  if (guarded) guarded.policyId = (await installPolicy(world, body)).id;
}

async function approvedByTwo() {
  await guard('two');
  const request = await created(world, wallet.id);
  await decide(world, world.people.ann, request.id);
  replyOf(await decide(world, world.people.ben, request.id));
  return request;
}

function suspendAnn(): void {
  world.neighbourhood.users.set(world.people.ann.userId, { roles: ['approver'], status: 'suspended' });
}

function close(): void {
  const known = world.neighbourhood.wallets.get(wallet.id);
  if (known) known.status = 'archived';
}

async function nextNonce(): Promise<number> {
  await guard('allow');
  return (await payload(world, (await created(world, wallet.id)).id)).evm.nonce;
}

async function signedBytesOf(id: string) {
  return await world.database.query(
    'SELECT id FROM tx_attempts WHERE tx_request_id = $1 AND (raw IS NOT NULL OR tx_hash IS NOT NULL)',
    [id],
  );
}
