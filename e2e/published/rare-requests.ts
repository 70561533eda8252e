import { setTimeout as sleep } from 'node:timers/promises';
import { ROUTES } from '@ironforge/contracts';
import { waitUntil } from '@ironforge/testing';
import type { Transaction } from 'ethers';
import { mine, sendRaw } from '../world/node.ts';
import {
  allowAll,
  askToPay,
  type KeyedWallet,
  openWallet,
  type Payload,
  readRequest,
  type Request,
  requireTwoOfThree,
  signatureFor,
  signPayload,
  takePayload,
  untilStatus,
} from '../world/payment.ts';
import { foundTenant, type Person, type Tenant } from '../world/tenant.ts';

/** Deeper than the local chain's finality. */
const FINAL = 40;
const SHORT_MS = 5_000;

/** Payments of which most come to no good end: late, stuck behind others, sent past IronForge, or with too few who approve. */
export async function makeRareRequests(): Promise<void> {
  const tenant = await foundTenant();
  await allowAll(tenant);
  const stories = [expire, leaveGap, passValidity, sendAfterEnd, sendDearer, spendOutside];
  await Promise.all(stories.map(async (story) => await story({ tenant, wallet: await openWallet(tenant) })));
  const strict = await foundTenant();
  await requireTwoOfThree(strict);
  const scene = { tenant: strict, wallet: await openWallet(strict) };
  await raiseCeiling(scene);
  await loseQuorum(scene);
}

interface Scene {
  readonly tenant: Tenant;
  readonly wallet: KeyedWallet;
}

function submit(
  { tenant, wallet }: Scene,
  offer: Payload,
  change?: (tx: Transaction) => void,
): Promise<Request> {
  return tenant.signer.call(
    ROUTES.submitSignature,
    signatureFor(offer, signPayload(offer, wallet.key, change)),
  );
}

async function expire({ tenant: { operator }, wallet }: Scene): Promise<void> {
  const request = await askToPay(operator, wallet, soon());
  await untilStatus(operator, request, 'expired');
}

function soon() {
  return { validUntil: new Date(Date.now() + SHORT_MS).toISOString() };
}

/** A signer with a short lease vanishes below a signature, until there is a task for his nonce. */
async function leaveGap({ tenant, wallet }: Scene): Promise<void> {
  const { operator, signer } = tenant;
  const late = await takePayload(signer, await askToPay(operator, wallet), 5);
  const above = await submit({ tenant, wallet }, await takePayload(signer, await askToPay(operator, wallet)));
  await waitUntil('a task for the gap', async () => {
    const { data } = await operator.call(ROUTES.listTransactions, {
      query: { status: 'approved', limit: 200 },
    });
    return data.some(({ kind, walletId }) => kind === 'gap_fill' && walletId === wallet.id);
  });
  await submit({ tenant, wallet }, late);
  await untilStatus(operator, above, 'confirmed');
}

/** Signed bytes wait behind a nonce that nobody signs for, until they are too late; then they are cancelled on the chain. */
async function passValidity({ tenant, wallet }: Scene): Promise<void> {
  const { operator, signer } = tenant;
  const below = await takePayload(signer, await askToPay(operator, wallet));
  const request = await askToPay(operator, wallet, soon());
  await submit({ tenant, wallet }, await takePayload(signer, request));
  await waitUntil(
    'it is too late',
    async () => (await readRequest(operator, request)).reason === 'validity_passed',
  );
  await submit({ tenant, wallet }, below);
  await operator.call(ROUTES.cancelOnChain, { params: { id: request.id }, body: {} });
  const body = { kind: 'cancel' as const };
  const offer = await signer.call(ROUTES.createSigningPayload, { params: { id: request.id }, body });
  await submit({ tenant, wallet }, offer);
  await untilStatus(operator, request, 'cancelled');
}

async function sendAfterEnd({ tenant: { operator, signer }, wallet }: Scene): Promise<void> {
  const request = await askToPay(operator, wallet);
  const offer = await takePayload(signer, request);
  await operator.call(ROUTES.cancelTransaction, { params: { id: request.id } });
  await sendRaw(signPayload(offer, wallet.key));
  await untilStatus(operator, request, 'confirmed');
}

async function sendDearer({ tenant: { operator, signer }, wallet }: Scene): Promise<void> {
  const request = await askToPay(operator, wallet);
  const dearer = (tx: Transaction) => {
    tx.maxFeePerGas = (tx.maxFeePerGas ?? 0n) + 1n;
  };
  await sendRaw(signPayload(await takePayload(signer, request), wallet.key, dearer));
  await untilStatus(operator, request, 'confirmed');
}

/** A nonce that was offered is spent on something else; once that is final, the request may have another nonce. */
async function spendOutside({ tenant, wallet }: Scene): Promise<void> {
  const { operator, signer } = tenant;
  const request = await askToPay(operator, wallet);
  const elsewhere = { to: wallet.address, value: 0n };
  const offer = await takePayload(signer, request);
  await sendRaw(signPayload(offer, wallet.key, (tx) => void Object.assign(tx, elsewhere)));
  await waitUntil('another nonce', async () => {
    await mine(FINAL);
    await sleep(SHORT_MS);
    const again = await signer.ask(ROUTES.createSigningPayload, { params: { id: request.id }, body: {} });
    return 'reply' in again && again.reply.evm.nonce > offer.evm.nonce;
  });
}

/** A fee above what was approved is asked for twice: one is rejected, the other approved and paid. */
async function raiseCeiling(scene: Scene): Promise<void> {
  const { tenant, wallet } = scene;
  const { operator, signer } = tenant;
  const request = await approved(scene);
  const offer = await takePayload(signer, request);
  await submit({ tenant, wallet }, offer, (tx) =>
    Object.assign(tx, { maxFeePerGas: 1n, maxPriorityFeePerGas: 1n }),
  );
  const params = { id: request.id };
  for (const [factor, decision] of [
    [2n, 'reject'],
    [3n, 'approve'],
  ] as const) {
    const body = { feeCeiling: (BigInt(request.feeCeiling) * factor).toString() };
    const { attempts } = await operator.call(ROUTES.speedUpTransaction, { params, body });
    const intentHash = attempts.at(-1)?.intentHash ?? '';
    const voters = decision === 'reject' ? tenant.approvers.slice(0, 1) : tenant.approvers.slice(0, 2);
    for (const one of voters) await decide(one, { id: request.id, intentHash }, decision);
  }
  const body = { kind: 'speed_up' as const };
  await submit(scene, await signer.call(ROUTES.createSigningPayload, { params, body }));
  await untilStatus(operator, request, 'confirmed');
}

/** Somebody who approved may approve no more when the signer comes. */
async function loseQuorum(scene: Scene): Promise<void> {
  const { admin, approvers, signer } = scene.tenant;
  const request = await approved(scene);
  await admin.call(ROUTES.updateUser, { params: { id: approvers[0].id }, body: { status: 'suspended' } });
  await signer.outcome(ROUTES.createSigningPayload, { params: { id: request.id }, body: {} });
}

async function approved({ tenant, wallet }: Scene): Promise<Request> {
  const request = await askToPay(tenant.operator, wallet);
  for (const one of tenant.approvers.slice(0, 2)) await decide(one, request, 'approve');
  return request;
}

async function decide(
  person: Person,
  { id, intentHash }: Pick<Request, 'id' | 'intentHash'>,
  decision: 'approve' | 'reject',
): Promise<void> {
  await person.call(ROUTES.decideTransaction, { params: { id }, body: { decision, intentHash } });
}
