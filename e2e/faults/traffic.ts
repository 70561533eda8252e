import { setTimeout as sleep } from 'node:timers/promises';
import { ROUTES } from '@ironforge/contracts';
import { waitUntil } from '@ironforge/testing';
import { type KeyedWallet, NATIVE, openWallet } from '../world/payment.ts';
import { mine } from '../world/node.ts';
import { callerWith } from '../world/caller.ts';
import { foundTenant, type Person, type Tenant } from '../world/tenant.ts';
import { deployToken, fundToken, registerToken } from '../world/token.ts';
import { approve, askFor, handIn, takeOffer } from './patient-payment.ts';

const WALLETS = 4;
const PAUSE_MS = 250;
const MOVED = 3;
const PLENTY = 10n ** 12n;
const ENDED_WITHIN_MS = 240_000;
/** So that no test takes the wallets' endowment back. */
const DEEPER_THAN_ANY_REORG = 12;

/** A rule of theirs reads it: nobody gives it to a wallet alone. */
export const WATCHED_TAG = 'watched';

/** A tenant with wallets that hold enough. */
export interface Payers {
  readonly tenant: Tenant;
  readonly wallets: readonly KeyedWallet[];
  /** Those whose payments people approve. */
  readonly guarded: readonly KeyedWallet[];
  /** What they pay, in turns. */
  readonly assetIds: readonly string[];
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

/**
 * Founds a tenant whose wallets hold coin and a token. What half of them pay needs two of three approvers, the rest nobody. All
 * have API keys, since a full run outlasts a session.
 */
export async function hirePayers(): Promise<Payers> {
  const tenant = await withKeys(await foundTenant());
  const wallets = await Promise.all(Array.from({ length: WALLETS }, () => openWallet(tenant)));
  const token = await deployToken({ feePercent: 0 });
  await registerToken(tenant, token);
  for (const { address } of wallets) await fundToken(token, address, PLENTY);
  const guarded = wallets.slice(0, WALLETS / 2);
  await guard(tenant, guarded);
  await mine(DEEPER_THAN_ANY_REORG);
  return { tenant, wallets, guarded, assetIds: [NATIVE, token.assetId] };
}

async function withKeys(tenant: Tenant): Promise<Tenant> {
  const [ana, ben, cem] = tenant.approvers;
  const approvers = [await withKey(ana), await withKey(ben), await withKey(cem)] as const;
  return {
    ...tenant,
    approvers,
    admin: await withKey(tenant.admin),
    operator: await withKey(tenant.operator),
    signer: await withKey(tenant.signer),
  };
}

/** The tenant's first policy: two of three approvers for these wallets, nobody for the others. */
async function guard({ admin }: Tenant, guarded: readonly KeyedWallet[]): Promise<void> {
  const groups = [{ name: 'treasury', role: 'approver' as const, required: 2 }];
  const asks = { type: 'require_approvals' as const, groups };
  const rules = [
    { name: 'guarded', when: { walletIds: guarded.map(({ id }) => id) }, effect: asks },
    { name: 'tagged', when: { walletTags: [WATCHED_TAG] }, effect: asks },
    { name: 'rest', when: {}, effect: { type: 'allow' as const } },
  ];
  await admin.call(ROUTES.createPolicy, { body: { name: 'guard', rules } });
}

async function withKey(person: Person): Promise<Person> {
  const { key } = await person.call(ROUTES.createApiKey, { body: { name: 'payer' } });
  return { ...person, ...callerWith(key) };
}

/** Starts paying from each wallet, one payment after another, so that a fault meets every stage of them. */
export function startTraffic(payers: Payers): Traffic {
  const { tenant, wallets } = payers;
  const stop = new AbortController();
  const ids: string[] = [];
  const lanes = wallets.map(async (wallet) => {
    while (!stop.signal.aborted) {
      ids.push(await pay(payers, wallet, ids.length));
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

/** Asks for one payment, has it approved, signs it, hands it in, as a patient client does; gives its id. */
async function pay(
  { tenant, guarded, assetIds }: Payers,
  wallet: KeyedWallet,
  turn: number,
): Promise<string> {
  const request = await askFor(tenant, wallet, { assetId: assetIds[turn % assetIds.length] ?? NATIVE });
  if (guarded.includes(wallet)) for (const one of tenant.approvers.slice(0, 2)) await approve(one, request);
  await handIn(tenant, wallet, { offer: await takeOffer(tenant, request) });
  return request.id;
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
