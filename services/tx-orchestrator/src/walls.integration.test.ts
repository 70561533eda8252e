import { randomUUID } from 'node:crypto';
import { type Route, ROUTES } from '@ironforge/contracts';
import { branded, type TenantId } from '@ironforge/kernel';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { changeOf, readChange } from './testbed/policies.fixture.ts';
import { created, decide, payload, read, replyOf, setPolicy, sign, submit } from './testbed/story.fixture.ts';
import { startWorld, type World } from './testbed/world.fixture.ts';

const stranger = branded<TenantId>(randomUUID());
const TABLES = [
  'policies',
  'policy_versions',
  'tx_requests',
  'tx_events',
  'tx_attempts',
  'approver_groups',
  'approvals',
  'nonce_lanes',
  'nonce_slots',
  'spending_windows',
  'spending_buckets',
  'spending_reservations',
  'changes',
  'change_approvals',
];

let world: World;
let id: string;
let intentHash: string;
let policyId: string;
let changeId: string;
let changeHash: string;
beforeAll(async () => {
  world = await startWorld();
  policyId = (await setPolicy(world, 'two of three')).id;
  ({ id, intentHash } = await created(world, world.addWallet().id));
  await makeTasks();
  ({ changeId, changeHash } = await proposeChange());
});
afterAll(() => world[Symbol.asyncDispose]());

/** A payment that waits for a signer, and a speed-up that does. */
async function makeTasks(): Promise<void> {
  const wallet = world.addWallet();
  const requests = [await created(world, wallet.id), await created(world, wallet.id)];
  for (const request of requests)
    for (const person of [world.people.ann, world.people.ben])
      replyOf(await decide(world, person, request.id));
  const params = { id: requests[0]?.id ?? '' };
  const offer = await payload(world, params.id);
  replyOf(await submit(world, offer, sign(wallet.key, offer)));
  replyOf(await world.ask(world.people.operator, ROUTES.speedUpTransaction, { params, body: {} }));
  const tasks = replyOf(await world.ask(world.people.signer, ROUTES.listSigningTasks));
  expect(tasks.data.map(({ kind }) => kind).toSorted()).toEqual(['original', 'speed_up']);
}

/** A policy that waits for approval. */
async function proposeChange() {
  const body = { name: 'x', rules: [{ name: 'x', when: {}, effect: { type: 'allow' as const } }] };
  return changeOf(await world.ask(world.people.admin, ROUTES.createPolicy, { body }));
}

type Attempt = readonly [what: string, route: Route, body?: () => object];

const ABOUT_A_REQUEST: readonly Attempt[] = [
  ['read', ROUTES.getTransaction],
  ['follow', ROUTES.listTransactionEvents],
  ['submit', ROUTES.submitTransaction],
  ['cancel', ROUTES.cancelTransaction],
  ['approve', ROUTES.decideTransaction, () => ({ decision: 'approve', intentHash })],
  ['lease', ROUTES.createSigningPayload, () => ({})],
  ['sign', ROUTES.submitSignature, () => ({ leaseId: randomUUID(), signedTransaction: '0x02' })],
];

const ABOUT_A_POLICY: readonly Attempt[] = [
  ['read', ROUTES.getPolicy],
  ['compare', ROUTES.listPolicyVersions],
  ['try', ROUTES.simulatePolicy, () => ({ last: 1 })],
  ['change', ROUTES.updatePolicy, () => ({ name: 'stolen' })],
];

const ABOUT_A_CHANGE: readonly Attempt[] = [
  ['read', ROUTES.getChange],
  ['decide about', ROUTES.decideChange, () => ({ decision: 'reject', changeHash })],
  ['cancel', ROUTES.cancelChange],
];

const LISTS = [ROUTES.listTransactions, ROUTES.listApprovals, ROUTES.listPolicies, ROUTES.listChanges];

/** Everybody of the other tenant is tried, so that one of them has the permission. */
async function statusesFor([, route, body]: Attempt, params: object): Promise<number[]> {
  const people = Object.values(world.people);
  const input = body === undefined ? { params } : { params, body: body() };
  const answers = people.map((person) => world.askFrom(stranger, person, route, input));
  return (await Promise.all(answers)).map(({ status }) => status).filter((status) => status !== 403);
}

describe.each([
  ['with both walls', []],
  ['with row-level security off', TABLES],
])('another tenant, %s', (_what, open: readonly string[]) => {
  const turn = async (way: 'DISABLE' | 'ENABLE') => {
    for (const table of open) await world.database.query(`ALTER TABLE ${table} ${way} ROW LEVEL SECURITY`);
  };
  beforeAll(() => turn('DISABLE'));
  afterAll(() => turn('ENABLE'));

  test.for(ABOUT_A_REQUEST)('finds no request to %s, and changes none', async (attempt) => {
    const before = await read(world, id);
    const statuses = await statusesFor(attempt, { id });
    expect(new Set(statuses)).toEqual(new Set([404]));
    expect(await read(world, id)).toEqual(before);
  });

  test.for(ABOUT_A_POLICY)('finds no policy to %s', async (attempt) => {
    expect(new Set(await statusesFor(attempt, { id: policyId }))).toEqual(new Set([404]));
  });

  test.for(ABOUT_A_CHANGE)('finds no change to %s', async (attempt) => {
    expect(new Set(await statusesFor(attempt, { id: changeId }))).toEqual(new Set([404]));
    expect(await readChange(world, changeId)).toMatchObject({ status: 'pending', version: 1 });
  });

  test('is offered nothing to sign', async () => {
    const answer = await world.askFrom(stranger, world.people.signer, ROUTES.listSigningTasks);
    expect(replyOf(answer).data).toEqual([]);
  });

  test.each(LISTS)('lists nothing: $path', async (route) => {
    const answer = await world.askFrom(stranger, world.people.ann, route);
    expect(answer).toMatchObject({ status: 200, reply: { data: [] } });
  });
});
