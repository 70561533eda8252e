import { ROUTES } from '@ironforge/contracts';
import { waitUntil } from '@ironforge/testing';
import type { Transaction } from 'ethers';
import { beforeAll, beforeEach, expect, it } from 'vitest';
import { balanceOf, minedCount } from './world/node.ts';
import {
  allowAll,
  askToPay,
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
import { foundTenant, type Tenant } from './world/tenant.ts';

let tenant: Tenant;
let wallet: KeyedWallet;
let stuck: Request;

beforeAll(async () => {
  tenant = await foundTenant();
  await allowAll(tenant);
});

/** The signer chooses a fee that no block takes. */
beforeEach(async () => {
  wallet = await openWallet(tenant);
  stuck = await askToPay(tenant.operator, wallet);
  await submit(await takePayload(tenant.signer, stuck), (transaction) => {
    transaction.maxPriorityFeePerGas = 1n;
    transaction.maxFeePerGas = 1n;
  });
});

const submit = (payload: Payload, change?: (tx: Transaction) => void) =>
  tenant.signer.call(ROUTES.submitSignature, signatureFor(payload, signPayload(payload, wallet.key, change)));

const payloadOf = (kind: 'speed_up' | 'cancel') =>
  tenant.signer.call(ROUTES.createSigningPayload, { params: { id: stuck.id }, body: { kind } });

it('is told of, and a speed-up pays in its place, once', async () => {
  await waitUntil('a reason why it is not mined', async () => {
    const { reason } = await readRequest(tenant.operator, stuck);
    return reason === 'stuck' || reason === 'underpriced';
  });
  await tenant.operator.call(ROUTES.speedUpTransaction, { params: { id: stuck.id }, body: {} });
  await submit(await payloadOf('speed_up'));
  const { attempts } = await untilStatus(tenant.operator, stuck, 'confirmed');
  expect(attempts.map(({ kind, state }) => [kind, state])).toEqual([
    ['original', 'replaced'],
    ['speed_up', 'mined'],
  ]);
  expect(await balanceOf(stuck.to)).toBe(BigInt(stuck.amount));
  expect(await minedCount(wallet.address)).toBe(1);
});

it('is taken back by a cancel on its nonce, and the next payment goes on', async () => {
  const next = await askToPay(tenant.operator, wallet);
  await submit(await takePayload(tenant.signer, next));
  await tenant.operator.call(ROUTES.cancelOnChain, { params: { id: stuck.id }, body: {} });
  await submit(await payloadOf('cancel'));
  const cancelled = await untilStatus(tenant.operator, stuck, 'cancelled');
  expect(cancelled.reason).toBe('cancelled_on_chain');
  await untilStatus(tenant.operator, next, 'confirmed');
  expect(await balanceOf(stuck.to)).toBe(0n);
  expect(await minedCount(wallet.address)).toBe(2);
});
