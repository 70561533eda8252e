import { ROUTES } from '@ironforge/contracts';
import { waitUntil } from '@ironforge/testing';
import { Transaction } from 'ethers';
import { headHeight, sendRaw } from '../../world/node.ts';
import { type KeyedWallet, type Payload, type Request, signPayload } from '../../world/payment.ts';
import type { Tenant } from '../../world/tenant.ts';
import { freshKey, insist, Refused } from '../insist.ts';
import { askFor, handIn, takeOffer } from '../patient-payment.ts';
import type { Errand, Scene } from './errand.ts';
import { DEEPEST_REORG } from './nodes.ts';

/** A fee that no block takes, and then a payment on the same nonce in its place. */
export const replace: Errand = async (scene) => {
  await speedUp(scene, await signTooCheaply(scene));
};

/** Bytes that no node takes wait to be sent again until the process has died; then their payment is sped up. */
export const leaveUnsent: Errand = async (scene) => {
  const request = await signTooCheaply(scene);
  await scene.crashed;
  await speedUp(scene, request);
};

async function signTooCheaply({ tenant, purse }: Scene): Promise<Request> {
  const request = await askFor(tenant, purse);
  const offer = await takeOffer(tenant, request);
  await handIn(tenant, purse, { offer, change: cheaply });
  return request;
}

function cheaply(tx: Transaction): void {
  tx.maxPriorityFeePerGas = 1n;
  tx.maxFeePerGas = 1n;
}

async function speedUp({ tenant, purse }: Scene, request: Request): Promise<void> {
  const params = { id: request.id };
  await insist(tenant.operator, ROUTES.speedUpTransaction, { params, body: {}, headers: freshKey() });
  const offer = await takeOffer(tenant, request, { kind: 'speed_up' });
  await handIn(tenant, purse, { offer });
}

/** A signer takes a nonce and vanishes; another signs above it. Once there is a task for the gap, the first one comes back. */
export const leaveGap: Errand = async ({ tenant, purse }) => {
  const late = await vanishBelow(tenant, purse);
  const query = { status: 'approved', limit: 200 } as const;
  await waitUntil('a task for the gap', async () => {
    const { data } = await insist(tenant.operator, ROUTES.listTransactions, { query });
    return data.some(({ kind, walletId }) => kind === 'gap_fill' && walletId === purse.id);
  });
  await handIn(tenant, purse, { offer: late });
};

/** Where the first lease ends before another signer asks, because somebody died meanwhile, he is offered that nonce: anew, then. */
async function vanishBelow(tenant: Tenant, purse: KeyedWallet): Promise<Payload> {
  for (;;) {
    const late = await takeOffer(tenant, await askFor(tenant, purse), {
      leaseSeconds: SHORTEST_LEASE_SECONDS,
    });
    const above = await takeOffer(tenant, await askFor(tenant, purse));
    await handIn(tenant, purse, { offer: above });
    if (nonceOf(above) > nonceOf(late)) return late;
    await handIn(tenant, purse, { offer: await takeOffer(tenant, { id: late.transactionId }) });
  }
}

function nonceOf({ evm }: Payload): number {
  return Transaction.from(evm.unsignedTransaction).nonce;
}

const SHORTEST_LEASE_SECONDS = 5;

/** Nobody signs in time. Whoever asks for too long, because somebody died meanwhile, asks anew. */
export const letExpire: Errand = async ({ tenant, purse }) => {
  await waitUntil('somebody asks in time', () => {
    const validUntil = new Date(Date.now() + VALID_MS).toISOString();
    return askFor(tenant, purse, { validUntil });
  });
};

const VALID_MS = 4_000;

/** The signer sends by himself, at another fee than he was offered, and goes on until it is in a block that counts. */
export const adopt: Errand = async ({ tenant, purse }) => {
  const request = await askFor(tenant, purse);
  const offer = await takeOffer(tenant, request);
  const bytes = signPayload(offer, purse.key, (tx) => {
    tx.maxFeePerGas = (tx.maxFeePerGas ?? 0n) + 1n;
  });
  // Nobody else has these bytes: who sent them past IronForge sends them again while a reorg can undo their block.
  await waitUntil('the adopted transaction lies below every reorg of the errands', async () => {
    await sendRaw(bytes).catch(unlessThere);
    const params = { id: request.id };
    const { status, blockHeight } = await insist(tenant.operator, ROUTES.getTransaction, { params });
    return status === 'confirmed' && (await headHeight()) - (blockHeight ?? Infinity) > DEEPEST_REORG;
  });
};

/** The node has it, or it is mined. */
function unlessThere(error: unknown): void {
  if (!(error instanceof Error && /already|nonce too low/.test(error.message))) throw error;
}

/** Older blocks are read for a wallet, unless they are just being read. */
export const backfill: Errand = async ({ tenant, purse }) => {
  const input = { params: { id: purse.id }, body: { fromHeight: 0 }, headers: freshKey() };
  await insist(tenant.operator, ROUTES.createBackfill, input).catch((error: unknown) => {
    if (!(error instanceof Refused && error.code === 'backfill_running')) throw error;
  });
};
