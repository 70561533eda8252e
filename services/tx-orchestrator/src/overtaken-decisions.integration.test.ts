import { type RejectionEffect, ROUTES, type StepUp } from '@ironforge/contracts';
import { type Intent, intentHash } from '@ironforge/tx-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { installPolicy } from './testbed/policies.fixture.ts';
import { startSecond } from './testbed/second.fixture.ts';
import { created, read, refusalOf, replyOf, signedRequest } from './testbed/story.fixture.ts';
import { startWorld, type World } from './testbed/world.fixture.ts';

let world: World;
let second: Awaited<ReturnType<typeof startSecond>>;
let wallet: ReturnType<World['addWallet']>;
beforeAll(async () => {
  world = await startWorld();
  second = await startSecond(world);
});
afterAll(async () => {
  await second[Symbol.asyncDispose]();
  await world[Symbol.asyncDispose]();
});
beforeEach(() => {
  wallet = world.addWallet();
});

test('who approves a draft that is submitted meanwhile has to prove it as its rule asks', async () => {
  await approvalsFor(1, { stepUp: 'totp' });
  const { id, intentHash: hash } = await created(world, wallet.id, { submit: false });
  submitWhileAsked(id);
  expect(refusalOf(await decide(id, hash))).toBe('403 step_up_required');
  expect(await read(world, id)).toMatchObject({ status: 'pending_approval', approvals: [] });
});

test('who sent his code with it is asked about anew, and his approval counts', async () => {
  await approvalsFor(1, { stepUp: 'totp' });
  world.neighbourhood.codes.set(world.people.ann.userId, '123456');
  const { id, intentHash: hash } = await created(world, wallet.id, { submit: false });
  submitWhileAsked(id);
  expect(replyOf(await decide(id, hash, { totp: '123456' }))).toMatchObject({
    status: 'approved',
    approvals: [{ stepUp: 'totp' }],
  });
});

test('who approves a higher fee before it is asked for has to prove it too', async () => {
  await allow();
  const { id, shown } = await signedRequest(world, wallet);
  await approvalsFor(1, { stepUp: 'totp' });
  const feeCeiling = `${BigInt(shown.feeCeiling) + 1n}`;
  const hash = intentHash({ ...(shown.intent as Intent), feeCeiling });
  whileAnnIsAskedAbout(async () => {
    const input = { params: { id }, body: { feeCeiling } };
    replyOf(await world.ask(world.people.operator, ROUTES.speedUpTransaction, input, second.url));
  });
  expect(refusalOf(await decide(id, hash))).toBe('403 step_up_required');
  expect(await read(world, id)).toMatchObject({
    attempts: [{}, { intentHash: hash, state: 'pending_approval' }],
    approvals: [],
  });
});

test('one rejection of a draft that is submitted meanwhile leaves it to those who are left', async () => {
  await approvalsFor(1, { rejection: 'counts' });
  const { id, intentHash: hash } = await created(world, wallet.id, { submit: false });
  submitWhileAsked(id);
  expect(replyOf(await decide(id, hash, { decision: 'reject' }))).toMatchObject({
    status: 'pending_approval',
  });
});

async function allow(): Promise<void> {
  await install([{ name: 'all', when: {}, effect: { type: 'allow' } }]);
}

async function approvalsFor(
  required: number,
  how: { readonly stepUp?: StepUp; readonly rejection?: RejectionEffect },
): Promise<void> {
  const groups = [{ name: 'treasury', role: 'approver' as const, required }];
  await install([{ name: 'all', when: {}, effect: { type: 'require_approvals', groups, ...how } }]);
}

type Rules = Parameters<typeof installPolicy>[1]['rules'];

/** For this wallet alone, so that no approval is needed for the policy itself. */
async function install(rules: Rules): Promise<void> {
  const { id } = await installPolicy(world, { name: 'of a wallet', isDefault: false, rules });
  world.neighbourhood.wallets.set(wallet.id, { ...wallet, policyId: id });
}

/** The first answer of identity about Ann comes when this is over: what her decision read before is old by then. */
function whileAnnIsAskedAbout(event: () => Promise<void>): void {
  world.neighbourhood.meanwhile.set(world.people.ann.userId, event);
}

function submitWhileAsked(id: string): void {
  whileAnnIsAskedAbout(async () => {
    const input = { params: { id } };
    replyOf(await world.ask(world.people.operator, ROUTES.submitTransaction, input, second.url));
  });
}

async function decide(
  id: string,
  hash: string,
  given: { readonly totp?: string; readonly decision?: 'approve' | 'reject' } = {},
) {
  const body = { decision: 'approve' as const, intentHash: hash, ...given };
  return await world.ask(world.people.ann, ROUTES.decideTransaction, { params: { id }, body });
}
