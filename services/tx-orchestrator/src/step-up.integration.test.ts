import { randomUUID } from 'node:crypto';
import { ROUTES } from '@ironforge/contracts';
import { changeApprovalText, paymentApprovalText } from '@ironforge/tx-core';
import { Wallet } from 'ethers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { changeOf, installPolicy, readChange } from './testbed/policies.fixture.ts';
import { askReplacement, askReplacementPayload } from './testbed/replacement.fixture.ts';
import { created, payload, read, refusalOf, replyOf, sign, submit } from './testbed/story.fixture.ts';
import { type Person, startWorld, type World } from './testbed/world.fixture.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
  const groups = [{ name: 'treasury', role: 'approver' as const, required: 2 }];
  const effect = { type: 'require_approvals' as const, groups, stepUp: 'totp' as const };
  await installPolicy(world, { name: 'with codes', rules: [{ name: 'all', when: {}, effect }] });
});
afterAll(() => world[Symbol.asyncDispose]());

async function decide(person: Person, id: string, totp?: string, decision: 'approve' | 'reject' = 'approve') {
  const { intentHash } = await read(world, id);
  const body = { decision, intentHash, ...(totp === undefined ? {} : { totp }) };
  return await world.ask(person, ROUTES.decideTransaction, { params: { id }, body });
}

test('an approval needs a code where the rule asks for it, and the payload says that it was given', async () => {
  const { ann, ben } = world.people;
  const { id } = await created(world, world.addWallet().id);
  expect(refusalOf(await decide(ann, id))).toBe('403 step_up_required');
  expect(refusalOf(await decide(ann, id, '999999'))).toBe('403 step_up_failed');
  world.neighbourhood.codes.set(ann.userId, '123456').set(ben.userId, '654321');
  expect(refusalOf(await decide(ann, id, '654321'))).toBe('403 step_up_failed');
  replyOf(await decide(ann, id, '123456'));
  expect(replyOf(await decide(ben, id, '654321'))).toMatchObject({ status: 'approved' });
  const { approvals } = await payload(world, id);
  expect(approvals.map(({ stepUp }) => stepUp)).toEqual(['totp', 'totp']);
});

test('whose codes are blocked is told for how long', async () => {
  const { ann } = world.people;
  const { id } = await created(world, world.addWallet().id);
  world.neighbourhood.blockedSeconds.set(ann.userId, 7.2);
  const refused = await decide(ann, id, '123456');
  world.neighbourhood.blockedSeconds.delete(ann.userId);
  expect(refusalOf(refused)).toBe('429 too_many_attempts');
  expect(refused.headers.get('retry-after')).toBe('8');
});

test('an approval that is sent again with its key is answered as before, and its code is not tried again', async () => {
  const { ann } = world.people;
  const { id, intentHash } = await created(world, world.addWallet().id);
  const rules = [{ name: 'all', when: {}, effect: { type: 'deny' as const } }];
  const body = { name: 'next', rules };
  const { changeId, changeHash } = changeOf(
    await world.ask(world.people.admin, ROUTES.createPolicy, { body }),
  );
  world.neighbourhood.codes.set(ann.userId, '123456');
  const approve = { decision: 'approve' as const, totp: '123456' };
  const [headers, others] = [{ 'idempotency-key': randomUUID() }, { 'idempotency-key': randomUUID() }];
  const both = async () => [
    await world.ask(ann, ROUTES.decideTransaction, {
      params: { id },
      body: { ...approve, intentHash },
      headers,
    }),
    await world.ask(ann, ROUTES.decideChange, {
      params: { id: changeId },
      body: { ...approve, changeHash },
      headers: others,
    }),
  ];
  const first = await both();
  expect(first.map(({ status }) => status)).toEqual([200, 200]);
  const tried = world.neighbourhood.checkedCodes.get(ann.userId);
  world.neighbourhood.codes.set(ann.userId, '000000');
  const again = await both();
  expect(again.map(({ headers: given }) => given.get('idempotent-replayed'))).toEqual(['true', 'true']);
  expect(world.neighbourhood.checkedCodes.get(ann.userId)).toBe(tried);
  world.neighbourhood.codes.set(ann.userId, '123456');
});

test('a rejection needs none', async () => {
  const { id } = await created(world, world.addWallet().id);
  const rejected = await decide(world.people.eva, id, undefined, 'reject');
  expect(replyOf(rejected)).toMatchObject({ status: 'rejected', approvals: [{ stepUp: null }] });
});

describe('where the rule asks for a signature', () => {
  const wallets = new Map<Person, Wallet>();

  beforeAll(async () => {
    const { ann, ben, eva } = world.people;
    for (const person of [ann, ben, eva]) wallets.set(person, new Wallet(Wallet.createRandom().privateKey));
    for (const person of [ann, ben]) register(person);
    const groups = [{ name: 'board', role: 'approver' as const, required: 2 }];
    const effect = { type: 'require_approvals' as const, groups, stepUp: 'signature' as const };
    const rules = [{ name: 'signed', when: {}, effect }];
    world.neighbourhood.codes.set(eva.userId, '000001');
    const body = { name: 'with signatures', rules, isDefault: true };
    const { changeId } = changeOf(await world.ask(world.people.admin, ROUTES.createPolicy, { body }));
    for (const [person, totp] of [
      [ann, '123456'],
      [ben, '654321'],
    ] as const)
      replyOf(await decideChange(person, changeId, { totp }));
  });

  const keyOf = (person: Person) => wallets.get(person) ?? Wallet.createRandom();
  const register = (person: Person) =>
    world.neighbourhood.approvalAddresses.set(person.userId, keyOf(person).address);
  const signed = async (person: Person, text: string) => ({
    signature: await keyOf(person).signMessage(text),
  });

  async function decideChange(person: Person, id: string, proof: { totp?: string; signature?: string }) {
    const { changeHash } = await readChange(world, id);
    const body = { decision: 'approve' as const, changeHash, ...proof };
    return await world.ask(person, ROUTES.decideChange, { params: { id }, body });
  }

  async function approve(person: Person, id: string, intentHash: string, proof: object) {
    const body = { decision: 'approve' as const, intentHash, ...proof };
    return await world.ask(person, ROUTES.decideTransaction, { params: { id }, body });
  }

  test('an approval counts when the approver’s own address signed this very hash, and is told with its signature', async () => {
    const { ann, ben, eva } = world.people;
    const { id, intentHash } = await created(world, world.addWallet().id);
    const other = await created(world, world.addWallet().id);
    const right = await signed(ann, paymentApprovalText(intentHash));
    expect(refusalOf(await approve(ann, id, intentHash, {}))).toBe('403 step_up_required');
    expect(refusalOf(await approve(ann, id, intentHash, { totp: '123456' }))).toBe('403 step_up_required');
    const wrong = [
      await signed(ben, paymentApprovalText(intentHash)),
      await signed(ann, paymentApprovalText(other.intentHash)),
      await signed(ann, changeApprovalText(intentHash)),
      await signed(ann, intentHash),
    ];
    for (const proof of wrong)
      expect(refusalOf(await approve(ann, id, intentHash, proof))).toBe('403 step_up_failed');
    const unregistered = await signed(eva, paymentApprovalText(intentHash));
    expect(refusalOf(await approve(eva, id, intentHash, unregistered))).toBe('403 step_up_failed');
    replyOf(await approve(ann, id, intentHash, right));
    replyOf(await approve(ben, id, intentHash, await signed(ben, paymentApprovalText(intentHash))));
    const { approvals } = await payload(world, id);
    expect(approvals).toMatchObject([
      { stepUp: 'signature', ...right, signerAddress: keyOf(ann).address, intentHash },
      { stepUp: 'signature', signerAddress: keyOf(ben).address, intentHash },
    ]);
  });

  test('a replacement above the approved ceiling needs signatures over its own hash', async () => {
    const { ann, ben } = world.people;
    const wallet = world.addWallet();
    const { id, intentHash, feeCeiling } = await created(world, wallet.id);
    for (const person of [ann, ben])
      replyOf(await approve(person, id, intentHash, await signed(person, paymentApprovalText(intentHash))));
    const offer = await payload(world, id);
    replyOf(await submit(world, offer, sign(wallet.key, offer)));
    const body = { feeCeiling: (BigInt(feeCeiling) + 1n).toString() };
    const asked = replyOf(await askReplacement(world, id, 'speed_up', { body }));
    const hash = asked.attempts[1]?.intentHash ?? '';
    const old = await signed(ann, paymentApprovalText(intentHash));
    expect(refusalOf(await approve(ann, id, hash, {}))).toBe('403 step_up_required');
    expect(refusalOf(await approve(ann, id, hash, old))).toBe('403 step_up_failed');
    for (const person of [ann, ben])
      replyOf(await approve(person, id, hash, await signed(person, paymentApprovalText(hash))));
    const replaced = replyOf(await askReplacementPayload(world, id, 'speed_up'));
    expect(replaced.approvals.map((one) => [one.intentHash, one.stepUp])).toEqual([
      [hash, 'signature'],
      [hash, 'signature'],
    ]);
  });

  test('an approval of a change needs one too, over the hash of the change', async () => {
    const { admin, ann, ben } = world.people;
    const rules = [{ name: 'all', when: {}, effect: { type: 'deny' as const } }];
    const answer = await world.ask(admin, ROUTES.createPolicy, { body: { name: 'next', rules } });
    const { changeId, changeHash } = changeOf(answer);
    expect(await readChange(world, changeId)).toMatchObject({ required: [{ stepUp: 'signature' }] });
    expect(refusalOf(await decideChange(ann, changeId, { totp: '123456' }))).toBe('403 step_up_required');
    const forPayment = await signed(ann, paymentApprovalText(changeHash));
    expect(refusalOf(await decideChange(ann, changeId, forPayment))).toBe('403 step_up_failed');
    for (const person of [ann, ben])
      replyOf(await decideChange(person, changeId, await signed(person, changeApprovalText(changeHash))));
    expect(await readChange(world, changeId)).toMatchObject({
      status: 'applied',
      approvals: [{ signerAddress: keyOf(ann).address }, { stepUp: 'signature' }],
    });
  });

  test('a rule is refused whose people could never sign', async () => {
    const { ann, eva } = world.people;
    const approvers = [ann.userId, eva.userId];
    const groups = [{ name: 'pair', approvers, required: 2 }];
    const effect = { type: 'require_approvals' as const, groups, stepUp: 'signature' as const };
    const body = { name: 'never', rules: [{ name: 'never', when: {}, effect }] };
    expect(await world.ask(world.people.admin, ROUTES.createPolicy, { body })).toMatchObject({
      problem: { errors: [{ pointer: '/rules/0/effect/stepUp', code: 'too_few_addresses' }] },
    });
  });
});
