import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { ROUTES } from '@ironforge/contracts';
import { waitUntil } from '@ironforge/testing';
import {
  allowAll,
  createBody,
  type KeyedWallet,
  openWallet,
  signatureFor,
  signPayload,
} from '../world/payment.ts';
import { mine } from '../world/node.ts';
import { callerWith } from '../world/caller.ts';
import { foundTenant, type Person, type Tenant } from '../world/tenant.ts';
import { insist, Refused } from './insist.ts';

const WALLETS = 4;
const PAUSE_MS = 250;
const MOVED = 3;
const ENDED_WITHIN_MS = 240_000;
/** So that no test takes the wallets' endowment back. */
const DEEPER_THAN_ANY_REORG = 12;

/** A tenant with wallets that hold enough. */
export interface Payers {
  readonly tenant: Tenant;
  readonly wallets: readonly KeyedWallet[];
}

/** Payments without end, each to an address of its own, until it is stopped. */
export interface Traffic {
  /** Resolves when some more payments were signed: whatever was done before, they are under way again. */
  moved(): Promise<void>;
  /** No payment begins from now on. */
  stop(): void;
  /** Stops, waits until the chain decided over all that was signed, and gives the ids of all that was asked for. */
  land(): Promise<readonly string[]>;
}

/** Founds a tenant whose payments need nobody's approval; who pays has an API key, since a full run outlasts a session. */
export async function hirePayers(): Promise<Payers> {
  const { operator, signer, ...others } = await foundTenant();
  const tenant = { ...others, operator: await withKey(operator), signer: await withKey(signer) };
  await allowAll(tenant);
  const wallets = await Promise.all(Array.from({ length: WALLETS }, () => openWallet(tenant)));
  await mine(DEEPER_THAN_ANY_REORG);
  return { tenant, wallets };
}

async function withKey(person: Person): Promise<Person> {
  const { key } = await person.call(ROUTES.createApiKey, { body: { name: 'payer' } });
  return { ...person, ...callerWith(key) };
}

/** Starts paying from each wallet, one payment after another, so that a fault meets every stage of them. */
export function startTraffic({ tenant, wallets }: Payers): Traffic {
  const stop = new AbortController();
  const ids: string[] = [];
  const lanes = wallets.map(async (wallet) => {
    while (!stop.signal.aborted) {
      ids.push(await pay(tenant, wallet));
      await sleep(PAUSE_MS, undefined, { signal: stop.signal }).catch(() => undefined);
    }
  });
  const over = Promise.all(lanes);
  over.catch(() => undefined);
  return {
    moved: async () => {
      const enough = ids.length + MOVED;
      await waitUntil('payments go on', () => ids.length >= enough);
    },
    stop: () => stop.abort(),
    land: async () => {
      stop.abort();
      await over;
      await allEnded(tenant);
      return ids;
    },
  };
}

/** Asks for one payment, signs it, hands it in, as a patient client does; gives its id. */
async function pay({ operator, signer }: Tenant, wallet: KeyedWallet): Promise<string> {
  const headers = { 'idempotency-key': randomUUID() };
  const request = await insist(operator, ROUTES.createTransaction, { body: createBody(wallet), headers });
  const params = { id: request.id };
  const payload = await insist(signer, ROUTES.createSigningPayload, { params, body: {} });
  const signature = signatureFor(payload, signPayload(payload, wallet.key));
  await insist(signer, ROUTES.submitSignature, signature).catch(unlessLost);
  return request.id;
}

/** Somebody spent the nonce outside meanwhile: the payment waits for another one, and the signer goes on. */
function unlessLost(error: unknown): void {
  if (!(error instanceof Refused && error.code === 'lease_lost')) throw error;
}

/** Waits until nothing of a tenant is between its signature and its end. */
async function allEnded({ operator }: Tenant): Promise<void> {
  await waitUntil(
    'all have ended',
    async () => {
      const pages = await Promise.all(
        (['signed', 'broadcasted'] as const).map((status) =>
          operator.call(ROUTES.listTransactions, { query: { limit: 1, status } }),
        ),
      );
      return pages.every(({ data }) => data.length === 0);
    },
    { timeoutMs: ENDED_WITHIN_MS, intervalMs: 250 },
  );
}
