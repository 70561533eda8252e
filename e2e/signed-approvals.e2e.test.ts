import { randomUUID } from 'node:crypto';
import { ROUTES } from '@ironforge/contracts';
import { type HDNodeWallet, Wallet } from 'ethers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { changeOf } from './world/caller.ts';
import {
  askToPay,
  type KeyedWallet,
  openWallet,
  readRequest,
  type Request,
  signPayload,
  signatureFor,
  takePayload,
  untilStatus,
} from './world/payment.ts';
import { type Desk, openDesk } from './world/signing-desk.ts';
import { foundTenant, type Person, type Tenant } from './world/tenant.ts';

const PAYEE = Wallet.createRandom().address;
let tenant: Tenant;
let wallet: KeyedWallet;
const keys = new Map<Person, HDNodeWallet>();
const desks: Desk[] = [];

beforeAll(async () => {
  tenant = await foundTenant();
  for (const person of tenant.approvers) {
    keys.set(person, Wallet.createRandom());
    await register(person, keyOf(person));
  }
  const groups = [{ name: 'treasury', role: 'approver' as const, required: 2 }];
  const effect = { type: 'require_approvals' as const, groups, stepUp: 'signature' as const };
  const body = { name: 'signed', rules: [{ name: 'all', when: {}, effect }] };
  await tenant.admin.call(ROUTES.createPolicy, { body });
  wallet = await openWallet(tenant);
});
afterAll(() => desks.forEach((desk) => desk[Symbol.dispose]()));

function keyOf(person: Person): HDNodeWallet {
  const key = keys.get(person);
  if (key === undefined) throw new Error('every approver has a key');
  return key;
}

async function register(person: Person, key: HDNodeWallet) {
  const { address } = key;
  const { message } = await person.call(ROUTES.offerApprovalAddress, { body: { address } });
  const body = { signature: await key.signMessage(message) };
  return await person.ask(ROUTES.confirmApprovalAddress, { body });
}

/** Written out, so that this line is a promise to whoever signs it by other means. */
const paymentText = (hash: string) => `IronForge: I approve the payment with the intent hash ${hash}`;
const changeText = (hash: string) => `IronForge: I approve the change with the hash ${hash}`;

async function approve(person: Person, { id }: Request, intentHash: string): Promise<Request> {
  const signature = await keyOf(person).signMessage(paymentText(intentHash));
  const body = { decision: 'approve' as const, intentHash, signature };
  return await person.call(ROUTES.decideTransaction, { params: { id }, body });
}

async function approved(): Promise<Request> {
  const request = await askToPay(tenant.operator, wallet, { to: PAYEE });
  for (const person of tenant.approvers.slice(0, 2)) await approve(person, request, request.intentHash);
  return request;
}

async function deskWith(addresses: readonly string[], required: number) {
  const desk = await openDesk(tenant.signer, [PAYEE]);
  desks.push(desk);
  return desk.watch([...desk.keystore(wallet), ...desk.rules({ approvals: { addresses, required } })]);
}

it('a signer signs what the approvers on his own list signed, and nothing on the word of the server', async () => {
  const [ann, ben, cem] = tenant.approvers.map((person) => keyOf(person).address);
  const request = await approved();
  const strict = await deskWith([ann, ben, cem].map(String), 3);
  expect((await strict.said('refused', request.id)).why).toContain('need 3 signed approvals');
  expect(await strict.stop()).toBe(0);
  const other = await deskWith([ann, cem].map(String), 1);
  expect((await other.said('refused', request.id)).why).toContain('is not signed');
  expect(await other.stop()).toBe(0);
  expect(await readRequest(tenant.operator, request)).toMatchObject({ status: 'approved', attempts: [] });

  const right = await deskWith([ann, ben, cem].map(String), 2);
  await right.said('signed', request.id);
  const { approvals } = await untilStatus(tenant.operator, request, 'confirmed');
  expect(approvals.map(({ stepUp, signerAddress }) => [stepUp, signerAddress])).toEqual([
    ['signature', ann],
    ['signature', ben],
  ]);
  expect(await right.stop()).toBe(0);
});

it('so for a replacement above the approved ceiling: signatures over its own hash', async () => {
  const request = await approved();
  const payload = await takePayload(tenant.signer, request);
  const bytes = signPayload(payload, wallet.key, (transaction) => {
    transaction.maxPriorityFeePerGas = 1n;
    transaction.maxFeePerGas = 1n;
  });
  await tenant.signer.call(ROUTES.submitSignature, signatureFor(payload, bytes));
  const body = { feeCeiling: (BigInt(request.feeCeiling) + 1n).toString() };
  const asked = await tenant.operator.call(ROUTES.speedUpTransaction, { params: { id: request.id }, body });
  const hash = asked.attempts[1]?.intentHash ?? '';
  for (const person of tenant.approvers.slice(1)) await approve(person, request, hash);
  const addresses = tenant.approvers.map((person) => keyOf(person).address);
  const signer = await deskWith(addresses, 2);
  await signer.said('signed', request.id);
  await untilStatus(tenant.operator, request, 'confirmed');
  expect(await signer.stop()).toBe(0);
});

it('an approver’s other address counts only when the others signed for that change', async () => {
  const [ann, ben, cem] = tenant.approvers;
  const next = Wallet.createRandom();
  const { changeId, changeHash } = changeOf(await register(cem, next));
  const params = { id: changeId };
  const decide = async (person: Person, text: string) => {
    const signature = await keyOf(person).signMessage(text);
    const body = { decision: 'approve' as const, changeHash, signature };
    const headers = { 'idempotency-key': randomUUID() };
    return await person.outcome(ROUTES.decideChange, { params, body, headers });
  };
  expect(await decide(ann, paymentText(changeHash))).toEqual({ status: 403, code: 'step_up_failed' });
  expect(await decide(cem, changeText(changeHash))).toEqual({
    status: 403,
    code: 'initiator_cannot_approve',
  });
  for (const person of [ann, ben])
    expect(await decide(person, changeText(changeHash))).toMatchObject({ status: 200 });
  const shown = await tenant.admin.call(ROUTES.getUser, { params: { id: cem.id } });
  expect(shown.approvalAddress).toBe(next.address);
});
