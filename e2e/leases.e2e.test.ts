import { setTimeout as sleep } from 'node:timers/promises';
import { ROUTES } from '@ironforge/contracts';
import { waitUntil } from '@ironforge/testing';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { balanceOf, isFinal, mine, minedCount, sendRaw } from './world/node.ts';
import {
  allowAll,
  askToPay,
  createBody,
  type KeyedWallet,
  openWallet,
  type Payload,
  type Request,
  readRequest,
  signatureFor,
  signPayload,
  takePayload,
  untilStatus,
} from './world/payment.ts';
import { present } from './world/present.ts';
import { foundTenant, type Tenant } from './world/tenant.ts';

const LEASE_SECONDS = 5;
const leaseEnds = () => sleep(LEASE_SECONDS * 1000 + 500);
/** Deeper than the local chain's finality. */
const FINAL = 40;

let tenant: Tenant;
let wallet: KeyedWallet;
let first: Request;
let offered: Payload;

beforeAll(async () => {
  tenant = await foundTenant();
  await allowAll(tenant);
});

async function offerFirst(leaseSeconds: number): Promise<void> {
  wallet = await openWallet(tenant);
  first = await askToPay(tenant.operator, wallet);
  offered = await takePayload(tenant.signer, first, leaseSeconds);
}

const submit = (payload: Payload) =>
  tenant.signer.outcome(ROUTES.submitSignature, signatureFor(payload, signPayload(payload, wallet.key)));

describe('a lease that has ended', () => {
  beforeEach(() => offerFirst(LEASE_SECONDS));

  it('is no reason to refuse its holder while nobody else took the nonce', async () => {
    await leaseEnds();
    expect(await submit(offered)).toEqual({ status: 200, code: null });
    await untilStatus(tenant.operator, first, 'confirmed');
  });

  it('lets another request take the nonce; the late signature is refused and the first request waits', async () => {
    await leaseEnds();
    const second = await askToPay(tenant.operator, wallet);
    const taken = await takePayload(tenant.signer, second);
    expect(taken.evm.nonce).toBe(offered.evm.nonce);
    expect(taken.fence).toBeGreaterThan(offered.fence);

    expect(await submit(offered)).toEqual({ status: 409, code: 'lease_lost' });
    expect(await payloadOutcome(first)).toEqual({ status: 409, code: 'waiting_for_nonce' });
    expect(await submit(taken)).toEqual({ status: 200, code: null });
    const { blockHeight } = await untilStatus(tenant.operator, second, 'confirmed');
    const early = await payloadOutcome(first);
    const isOver = await isFinal(present(blockHeight, 'its block'));
    expect(isOver || early.code === 'waiting_for_nonce').toBe(true);

    await mine(FINAL);
    const next = await takeWhenFinal(first);
    expect(next.evm.nonce).toBe(offered.evm.nonce + 1);
    expect(await submit(next)).toEqual({ status: 200, code: null });
    await untilStatus(tenant.operator, first, 'confirmed');
    expect(await minedCount(wallet.address)).toBe(2);
    expect(await balanceOf(first.to)).toBe(BigInt(first.amount));
  });

  it('adopts what the displaced signer broadcasts by himself, and never pays that request twice', async () => {
    await leaseEnds();
    const second = await askToPay(tenant.operator, wallet);
    const taken = await takePayload(tenant.signer, second);
    await sendRaw(signPayload(offered, wallet.key));
    const adopted = await untilStatus(tenant.operator, first, 'confirmed');
    expect(adopted.attempts.filter(({ state }) => state === 'mined')).toHaveLength(1);
    expect(await submit(taken)).not.toMatchObject({ status: 200 });

    await mine(FINAL);
    const next = await takeWhenFinal(second);
    expect(next.evm.nonce).toBe(1);
    expect(await submit(next)).toEqual({ status: 200, code: null });
    await untilStatus(tenant.operator, second, 'confirmed');
    expect(await balanceOf(first.to)).toBe(BigInt(first.amount));
    expect(await balanceOf(second.to)).toBe(BigInt(second.amount));
  });
});

describe('a signer', () => {
  beforeEach(() => offerFirst(600));

  it('may broadcast by himself: the transaction is adopted as the request’s own', async () => {
    const bytes = signPayload(offered, wallet.key);
    const txHash = await sendRaw(bytes);
    const confirmed = await untilStatus(tenant.operator, first, 'confirmed');
    expect(confirmed.txHash).toBe(txHash);
    await tenant.signer.outcome(ROUTES.submitSignature, signatureFor(offered, bytes));
    expect(await minedCount(wallet.address)).toBe(1);
  });

  it('gets the same lease when he asks again', async () => {
    expect(await takePayload(tenant.signer, first, 600)).toEqual(offered);
  });

  it('cannot sign one request’s lease with another request’s bytes', async () => {
    const second = await askToPay(tenant.operator, wallet, createBody(wallet));
    const other = await takePayload(tenant.signer, second);
    expect(other.evm.nonce).toBe(offered.evm.nonce + 1);
    const body = { leaseId: other.leaseId, signedTransaction: signPayload(offered, wallet.key) };
    const crossed = await tenant.signer.outcome(ROUTES.submitSignature, { params: { id: first.id }, body });
    expect(crossed).toEqual({ status: 409, code: 'lease_lost' });
    expect((await readRequest(tenant.operator, first)).status).toBe('approved');
  });
});

function payloadOutcome({ id }: Request) {
  return tenant.signer.outcome(ROUTES.createSigningPayload, { params: { id }, body: {} });
}

/** Asks for a payload until the old nonce is settled for good. */
async function takeWhenFinal(request: Request): Promise<Payload> {
  const isSettled = async () => (await payloadOutcome(request)).status !== 409;
  await waitUntil('the old nonce is settled', isSettled, { intervalMs: 250 });
  return takePayload(tenant.signer, request);
}
