import { type ReplyOf, ROUTES } from '@ironforge/contracts';
import { waitUntil } from '@ironforge/testing';
import { beforeAll, expect, it } from 'vitest';
import { chain } from './world/environment.ts';
import { askNode, balanceOf, headHeight, isFinal, mine } from './world/node.ts';
import {
  askToPay,
  ETHER,
  type KeyedWallet,
  NATIVE,
  openWallet,
  type Request,
  readRequest,
  requireTwoOfThree,
  signAndSubmit,
  takePayload,
  untilStatus,
} from './world/payment.ts';
import { foundTenant, type Person, type Tenant } from './world/tenant.ts';
import { present } from './world/present.ts';

let tenant: Tenant;
let wallet: KeyedWallet;

beforeAll(async () => {
  tenant = await foundTenant();
  await requireTwoOfThree(tenant);
  wallet = await openWallet(tenant, 0n);
});

it('carries a payment from the deposit to its end, with every number as the node has it', async () => {
  await deposit(wallet.address, 3n * ETHER);
  await waitUntil(
    'the deposit is available',
    async () => (await nativeOf(wallet)).available === String(3n * ETHER),
  );

  const request = await askToPay(tenant.operator, wallet, { amount: String(ETHER) });
  expect(request).toMatchObject({ status: 'pending_approval', required: [{ required: 2, given: 0 }] });
  await expectRefusals(request);
  const [ana, ben, cem] = tenant.approvers;
  expect(await approve(ana, request)).toEqual({ status: 200, code: null });
  expect(await approve(ana, request)).toEqual({ status: 409, code: 'already_decided' });
  expect(await approve(ben, request)).toEqual({ status: 200, code: null });
  expect(await approve(cem, request)).toEqual({ status: 409, code: 'illegal_transition' });
  const left = String(2n * ETHER - BigInt(request.feeCeiling));
  await waitUntil('amount and fee are held', async () => (await nativeOf(wallet)).available === left);

  await signAndSubmit(tenant.signer, request, wallet.key);
  const confirmed = await untilStatus(tenant.operator, request, 'confirmed');
  expect(confirmed.confirmations).toBeGreaterThanOrEqual(2);
  expect(confirmed.finalizedAt === null || (await isFinal(blockOf(confirmed)))).toBe(true);
  const paid = BigInt(present(confirmed.attempts[0]?.fee.paid, 'the fee'));
  expect(await balanceOf(wallet.address)).toBe(2n * ETHER - paid);
  expect(await balanceOf(request.to)).toBe(ETHER);
  await waitUntil(
    'the balance agrees',
    async () => (await nativeOf(wallet)).amount === String(2n * ETHER - paid),
  );
  await expectOutgoing(confirmed);

  await mine(40);
  await waitUntil('it is final', async () => (await readRequest(tenant.operator, request)).finalizedAt);
  await expectStory(request, [
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
});

it('ends a rejected request for good', async () => {
  const request = await askToPay(tenant.operator, wallet);
  const [ana, ben] = tenant.approvers;
  const params = { id: request.id };
  const body = { decision: 'reject' as const, intentHash: request.intentHash, comment: 'not this month' };
  const rejected = await ana.call(ROUTES.decideTransaction, { params, body });
  expect(rejected).toMatchObject({ status: 'rejected', reason: 'rejected_by_approver' });
  expect(await approve(ben, request)).toEqual({ status: 409, code: 'illegal_transition' });
  const late = await tenant.signer.outcome(ROUTES.createSigningPayload, { params, body: {} });
  expect(late).toEqual({ status: 409, code: 'illegal_transition' });
});

it('keeps a draft until it is submitted, and takes it back when asked', async () => {
  const draft = await askToPay(tenant.operator, wallet, { submit: false });
  expect(draft.status).toBe('draft');
  const params = { id: draft.id };
  expect((await tenant.operator.call(ROUTES.submitTransaction, { params })).status).toBe('pending_approval');
  expect((await tenant.operator.call(ROUTES.cancelTransaction, { params })).status).toBe('cancelled');
  const again = await tenant.operator.outcome(ROUTES.submitTransaction, { params });
  expect(again).toEqual({ status: 409, code: 'illegal_transition' });
});

async function expectRefusals(request: Request): Promise<void> {
  const { operator, compliance, approvers } = tenant;
  expect(await approve(operator, request)).toEqual({ status: 403, code: 'initiator_cannot_approve' });
  expect(await approve(compliance, request)).toEqual({ status: 403, code: 'not_an_approver' });
  const altered = { ...request, intentHash: `0x${'0'.repeat(64)}` };
  expect(await approve(approvers[0], altered)).toEqual({ status: 409, code: 'intent_mismatch' });
  await expect(takePayload(tenant.signer, request)).rejects.toThrow('illegal_transition');
}

function approve(person: Person, { id, intentHash }: Request) {
  return person.outcome(ROUTES.decideTransaction, {
    params: { id },
    body: { decision: 'approve', intentHash },
  });
}

/** A transaction of the node's own account, which picks the nonce itself. */
async function deposit(to: string, wei: bigint): Promise<void> {
  const { address: from } = present(chain.faucet, 'a faucet');
  await askNode('eth_sendTransaction', { from, to, value: `0x${wei.toString(16)}` });
}

async function nativeOf({ id }: KeyedWallet) {
  const { data } = await tenant.operator.call(ROUTES.getBalances, { params: { id } });
  return present(
    data.find(({ assetId }) => assetId === NATIVE),
    'the native balance',
  );
}

async function expectOutgoing(request: Request): Promise<void> {
  const { data } = await tenant.operator.call(ROUTES.listWalletTransactions, { params: { id: wallet.id } });
  const seen = data.find(({ txHash }) => txHash === request.txHash);
  expect(seen).toMatchObject({
    direction: 'out',
    amount: request.amount,
    to: request.to,
    transactionId: request.id,
  });
  expect(await headHeight()).toBeGreaterThanOrEqual(present(seen?.blockHeight, 'its block'));
}

function blockOf({ blockHeight }: Request): number {
  return present(blockHeight, 'its block');
}

/** The events are these, and the audit log has exactly one entry for each, in the same order. */
async function expectStory(request: Request, story: readonly string[]): Promise<void> {
  const params = { id: request.id };
  const { data: events } = await tenant.operator.call(ROUTES.listTransactionEvents, { params });
  const types = events.map(({ type }) => type.replace('tx_request.', ''));
  // What the watcher tells in between comes as often as it has news.
  expect(types.filter((type) => type !== 'observed')).toEqual(story);
  expect(events.map(({ version }) => version)).toEqual(events.map((_, index) => index + 1));
  const entries = await waitUntil('all entries', async () => {
    const query = { resourceType: 'tx_request', resourceId: request.id };
    const { data } = await tenant.compliance.call(ROUTES.listAuditEntries, { query });
    return data.length >= events.length && data;
  });
  expect(entries.map(({ type }) => type.replace(/^tx_(request_)?/, ''))).toEqual(types);
  await expectAuthority(entries);
}

type Entry = ReplyOf<(typeof ROUTES)['getAuditEntry']>;

/** Whoever decided is told with his role and the version of the policy, and the sealed text says the same. */
async function expectAuthority(entries: readonly Entry[]): Promise<void> {
  const { policy } = await readRequest(tenant.operator, { id: present(entries[0], 'an entry').resourceId });
  const { id, version } = present(policy, 'the policy that was pinned');
  const byType = new Map(entries.map((entry) => [entry.type, entry]));
  for (const [type, role] of [
    ['tx_request_submitted', 'operator'],
    ['approval_granted', 'approver'],
    ['tx_signed', 'signer'],
  ] as const)
    expect(byType.get(type)?.authority).toEqual({ roles: [role], policy: { id, version } });
  const approval = present(byType.get('approval_granted'), 'the entry of an approval');
  const params = { id: approval.id };
  const { entry } = await tenant.compliance.call(ROUTES.getAuditProof, { params, query: {} });
  expect(entry['authority']).toEqual(approval.authority);
}
