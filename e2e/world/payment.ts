import { randomUUID } from 'node:crypto';
import { type ReplyOf, ROUTES } from '@ironforge/contracts';
import { waitUntil } from '@ironforge/testing';
import { type HDNodeWallet, type SigningKey, Transaction, Wallet } from 'ethers';
import type { Caller } from './caller.ts';
import { chain } from './environment.ts';
import { endow } from './node.ts';
import type { Tenant } from './tenant.ts';

export type Request = ReplyOf<(typeof ROUTES)['getTransaction']>;
export type Payload = ReplyOf<(typeof ROUTES)['createSigningPayload']>;

export const ETHER = 10n ** 18n;
export const NATIVE = `${chain.chainId}/slip44:60`;

/** A wallet that IronForge watches and whose key lies here. */
export interface KeyedWallet {
  readonly id: string;
  readonly address: string;
  readonly key: SigningKey;
}

/** Registers a wallet with a new key, endows it and waits until it is active. */
export async function openWallet(tenant: Tenant, wei = 1000n * ETHER): Promise<KeyedWallet> {
  const { address, signingKey }: HDNodeWallet = Wallet.createRandom();
  await endow(address, wei);
  const body = { chainId: chain.chainId, name: 'e2e', type: 'hot', address } as const;
  const { id } = await tenant.operator.call(ROUTES.createWallet, { body });
  await waitUntil('the wallet is active', async () => {
    const { status } = await tenant.operator.call(ROUTES.getWallet, { params: { id } });
    return status === 'active';
  });
  return { id, address, key: signingKey };
}

/** The tenant's first policy: everything passes. */
export async function allowAll({ admin }: Tenant): Promise<void> {
  const rules = [{ name: 'everything', when: {}, effect: { type: 'allow' as const } }];
  await admin.call(ROUTES.createPolicy, { body: { name: 'allow', rules } });
}

/** The tenant's first policy: two of the three approvers. */
export async function requireTwoOfThree({ admin, approvers }: Tenant): Promise<void> {
  const groups = [{ name: 'treasury', approvers: approvers.map(({ id }) => id), required: 2 }];
  const effect = { type: 'require_approvals' as const, groups };
  await admin.call(ROUTES.createPolicy, {
    body: { name: 'two of three', rules: [{ name: 'all', when: {}, effect }] },
  });
}

/** The body that asks for a small payment to a new address, with some of it changed. */
export function createBody(wallet: { readonly id: string }, wish: Partial<CreateBody> = {}): CreateBody {
  return { walletId: wallet.id, to: Wallet.createRandom().address, assetId: NATIVE, amount: '1000', ...wish };
}

interface CreateBody {
  readonly walletId: string;
  readonly to: string;
  readonly assetId: string;
  readonly amount: string;
  readonly data?: string;
  readonly feeCeiling?: string;
  readonly validUntil?: string;
  readonly clientReference?: string;
  readonly submit?: boolean;
}

/** Asks for a payment under a new idempotency key. */
export function askToPay(
  caller: Caller,
  wallet: { readonly id: string },
  wish: Partial<CreateBody> = {},
): Promise<Request> {
  const headers = { 'idempotency-key': randomUUID() };
  return caller.call(ROUTES.createTransaction, { body: createBody(wallet, wish), headers });
}

/** Asks for a payload. */
export function takePayload(
  caller: Caller,
  { id }: { readonly id: string },
  leaseSeconds = 600,
): Promise<Payload> {
  return caller.call(ROUTES.createSigningPayload, { params: { id }, body: { leaseSeconds } });
}

/** Signs what a payload offers, after an optional change. */
export function signPayload(
  payload: Payload,
  key: SigningKey,
  change: (tx: Transaction) => void = () => {},
): string {
  const transaction = Transaction.from(payload.evm.unsignedTransaction);
  change(transaction);
  transaction.signature = key.sign(transaction.unsignedHash);
  return transaction.serialized;
}

/** What `submitSignature` takes. */
export function signatureFor(payload: Payload, signedTransaction: string) {
  return { params: { id: payload.transactionId }, body: { leaseId: payload.leaseId, signedTransaction } };
}

/** Takes a payload, signs it and hands it in. */
export async function signAndSubmit(
  caller: Caller,
  request: { readonly id: string },
  key: SigningKey,
): Promise<Request> {
  const payload = await takePayload(caller, request);
  return caller.call(ROUTES.submitSignature, signatureFor(payload, signPayload(payload, key)));
}

/** The request as it stands now. */
export function readRequest(caller: Caller, { id }: { readonly id: string }): Promise<Request> {
  return caller.call(ROUTES.getTransaction, { params: { id } });
}

/** Waits until the request has this status, and gives it. */
export function untilStatus(
  caller: Caller,
  request: { readonly id: string },
  status: Request['status'],
): Promise<Request> {
  const ask = async () => {
    const now = await readRequest(caller, request);
    return now.status === status ? now : null;
  };
  return waitUntil(`request ${request.id} is ${status}`, ask, { intervalMs: 100 });
}
