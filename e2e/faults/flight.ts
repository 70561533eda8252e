import { randomUUID } from 'node:crypto';
import { ROUTES } from '@ironforge/contracts';
import { waitUntil } from '@ironforge/testing';
import { mine } from '../world/node.ts';
import {
  allowAll,
  createBody,
  type KeyedWallet,
  openWallet,
  type Request,
  signatureFor,
  signPayload,
} from '../world/payment.ts';
import { foundTenant, type Tenant } from '../world/tenant.ts';
import { insist } from './insist.ts';

const REQUESTS = 50;
const WALLETS = 5;
const ENDED_WITHIN_MS = 240_000;
/** So that no test takes the wallets' endowment back. */
const DEEPER_THAN_ANY_REORG = 8;

/** Fifty payments under way, each to an address of its own, ten from each of five wallets. */
export interface Flight {
  readonly tenant: Tenant;
  readonly wallets: readonly KeyedWallet[];
  /** Settles when all are asked for and signed. */
  readonly signed: Promise<readonly Request[]>;
}

/** A tenant with wallets that hold enough. */
export async function prepareFlight(): Promise<Omit<Flight, 'signed'>> {
  const tenant = await foundTenant();
  await allowAll(tenant);
  const wallets = await Promise.all(Array.from({ length: WALLETS }, () => openWallet(tenant)));
  await mine(DEEPER_THAN_ANY_REORG);
  return { tenant, wallets };
}

/** Starts all payments, those of one wallet after one another, so that a fault meets every stage of them. */
export function startFlight({ tenant, wallets }: Omit<Flight, 'signed'>): Flight {
  const lanes = wallets.map(async (wallet) => {
    const requests: Request[] = [];
    for (let count = 0; count < REQUESTS / WALLETS; count += 1) requests.push(await pay(tenant, wallet));
    return requests;
  });
  return { tenant, wallets, signed: Promise.all(lanes).then((all) => all.flat()) };
}

/** Waits until every request is confirmed, and gives them as they ended. */
export async function landed({ tenant, signed }: Flight): Promise<readonly Request[]> {
  const requests = await signed;
  return waitUntil(
    `all ${requests.length} are confirmed`,
    async () => {
      const { data } = await tenant.operator.call(ROUTES.listTransactions, { query: { limit: 200 } });
      return data.every(({ status }) => status === 'confirmed') && data;
    },
    { timeoutMs: ENDED_WITHIN_MS, intervalMs: 250 },
  );
}

async function pay({ operator, signer }: Tenant, wallet: KeyedWallet): Promise<Request> {
  const headers = { 'idempotency-key': randomUUID() };
  const request = await insist(operator, ROUTES.createTransaction, { body: createBody(wallet), headers });
  const params = { id: request.id };
  const payload = await insist(signer, ROUTES.createSigningPayload, { params, body: {} });
  return insist(signer, ROUTES.submitSignature, signatureFor(payload, signPayload(payload, wallet.key)));
}
