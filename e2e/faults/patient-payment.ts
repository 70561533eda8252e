import { ROUTES } from '@ironforge/contracts';
import type { Transaction } from 'ethers';
import {
  createBody,
  type KeyedWallet,
  type Payload,
  type Request,
  signatureFor,
  signPayload,
} from '../world/payment.ts';
import type { Person, Tenant } from '../world/tenant.ts';
import { freshKey, insist, Refused } from './insist.ts';

/** Asks for a small payment to a new address, with some of it changed, as a patient client does. */
export function askFor(
  { operator }: Tenant,
  wallet: KeyedWallet,
  wish: Parameters<typeof createBody>[1] = {},
): Promise<Request> {
  const body = createBody(wallet, wish);
  return insist(operator, ROUTES.createTransaction, { body, headers: freshKey() });
}

/** Approves just what was asked for. */
export async function approve(approver: Person, { id, intentHash }: Request): Promise<void> {
  const body = { decision: 'approve' as const, intentHash };
  await insist(approver, ROUTES.decideTransaction, { params: { id }, body, headers: freshKey() });
}

/** What else may be said when a payload is asked for. */
type Wanted = { readonly kind?: 'speed_up'; readonly leaseSeconds?: number };

/** Takes the payload of a request. */
export function takeOffer(
  { signer }: Tenant,
  { id }: { readonly id: string },
  body: Wanted = {},
): Promise<Payload> {
  return insist(signer, ROUTES.createSigningPayload, { params: { id }, body });
}

/** Signs what was offered, after an optional change, and hands it in. */
export async function handIn(
  { signer }: Tenant,
  { key }: KeyedWallet,
  { offer, change }: { readonly offer: Payload; readonly change?: (tx: Transaction) => void },
): Promise<void> {
  const signature = signatureFor(offer, signPayload(offer, key, change));
  await insist(signer, ROUTES.submitSignature, signature).catch(unlessLost);
}

/** Somebody spent the nonce outside meanwhile: the payment waits for another one, and the signer goes on. */
function unlessLost(error: unknown): void {
  if (!(error instanceof Refused && error.code === 'lease_lost')) throw error;
}
